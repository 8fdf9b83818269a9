"""A process that plays one episode of the template's strategy in its worker."""

import sys
from pathlib import Path

from alphaloop.facts.market import Limits, Market, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue
from parts.peak import run_here

STRATEGY = Path(__file__).resolve().parents[2] / "strategy_template" / "strategy.py"
LIMITS = Limits(10.0, 10.0, 1e9, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)


def episode(tape: Tape) -> str:
    """Play, and say how much happened."""
    market = Market(tape.instrument, 1e9, 1e-4, 60.0, WorldSpec("book"))
    journal = play_source(STRATEGY.read_bytes(), tape, Venue(market, LIMITS, "lockdown"))
    if journal.fault or journal.breach:
        sys.exit(journal.fault or journal.breach)
    return f"{journal.decisions} decisions, {len(journal.orders)} messages, {len(journal.fills)} fills"


if __name__ == "__main__":
    run_here(episode)
