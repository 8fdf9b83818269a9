"""A process that plays one episode of the template's strategy in its worker.

It loads what an episode needs and no more: worlds, scenarios and metrics are the tournament's.
"""

import sys
from contextlib import closing
from pathlib import Path

from alphaloop.facts.market import Limits, Market, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.simulation.episode import play
from parts.peak import run_here

STRATEGY = Path(__file__).resolve().parents[2] / "strategy_template" / "strategy.py"
LIMITS = Limits(10.0, 10.0, 1e9, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)


def episode(tape: Tape) -> str:
    """Play, and say how much happened."""
    market = Market(tape.instrument, 1e9, 1e-4, 60.0, WorldSpec("book"))
    with closing(Lockdown()) as sandbox, closing(sandbox.start(STRATEGY.read_bytes())) as worker:
        journal = play(worker, tape, market, LIMITS)
    if journal.fault or journal.breach:
        sys.exit(journal.fault or journal.breach)
    return f"{journal.decisions} decisions, {len(journal.orders)} messages, {len(journal.fills)} fills"


if __name__ == "__main__":
    run_here(episode)
