"""Draw docs/pictures/scenario-*.svg: the shipped strategy in the shipped market, under each scenario.

`make pictures` runs this file.  Each picture is what `alphaloop simulate --scenario NAME --plot FILE` draws
at a desk that `alphaloop init` has just made.
"""

import sys
from pathlib import Path

from alphaloop.doors.pictures import paper
from alphaloop.doors.pictures.episode import drawn
from alphaloop.doors.pictures.shown import Shown
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.rules import seeds
from alphaloop.rules.constitution import limits, market
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

REPOSITORY = Path(__file__).resolve().parents[1]
TEMPLATE = REPOSITORY / "strategy_template"
PICTURES = REPOSITORY / "docs" / "pictures"
MOST_BYTES = 60_000


def main() -> None:
    """Write every picture; the same code gives the same bytes on one machine."""
    venue = Venue(
        market.market((TEMPLATE / market.FILE).read_bytes()),
        limits.limits((TEMPLATE / limits.FILE).read_bytes()),
        "lockdown",
    )
    (seed,) = seeds.search(0, "simulate", 1)
    calm = tape_of(venue, seed)
    PICTURES.mkdir(exist_ok=True)
    for name in SCENARIOS:
        path = PICTURES / f"scenario-{name}.svg"
        shown = _played(name, calm, venue)
        paper.save(drawn(shown), path, shown.title)
        if path.stat().st_size > MOST_BYTES:
            sys.exit(f"{path} has {path.stat().st_size} bytes, more than {MOST_BYTES}")


def _played(name: str, calm: Tape, venue: Venue) -> Shown:
    tape = SCENARIOS[name].apply(calm)
    journal = play_source((TEMPLATE / "strategy.py").read_bytes(), tape, venue)
    return Shown(f"{name}: {tape.name}", journal, tape, SCENARIOS[name].struck(calm))


if __name__ == "__main__":
    main()
