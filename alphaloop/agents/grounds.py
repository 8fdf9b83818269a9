"""What a change is judged by: the constitution of its base commit, and the venue that follows from it."""

from alphaloop.facts.constitution import Constitution
from alphaloop.ports import Desk
from alphaloop.rules.constitution.reading import read
from alphaloop.simulation.venue import Venue

STRATEGY = "strategy.py"


def constitution_at(desk: Desk, commit: str) -> Constitution:
    """Seats, market and limits as `commit` states them; raises BadConfiguration with file and line."""
    return read(lambda path: desk.forge.file(commit, path))


def venue_at(desk: Desk, commit: str) -> Venue:
    """Where strategies are played under the constitution of `commit`."""
    grounds = constitution_at(desk, commit)
    return Venue(grounds.market, grounds.limits, desk.sandbox.name, tapes=desk.tapes)


def strategy_at(desk: Desk, commit: str) -> bytes:
    """The strategy's blob in `commit`, never a checkout of it."""
    return desk.forge.file(commit, STRATEGY)
