"""What a change is judged by: the constitution of its base commit, and the venue that follows from it."""

from alphaloop.facts.constitution import Constitution
from alphaloop.ports import Desk
from alphaloop.rules.constitution.reading import read
from alphaloop.simulation.venue import Venue

STRATEGY = "strategy.py"


def constitution_at(desk: Desk, commit: str) -> Constitution:
    """Seats, market and limits as `commit` states them; raises BadConfiguration with file and line."""
    return read(lambda path: desk.forge.file(commit, path))


def venue_at(desk: Desk, commit: str, limits_of: str = "") -> Venue:
    """Where strategies are played under the constitution of `commit`; limits_of: whose limits, "" for its."""
    grounds = constitution_at(desk, commit)
    limits = constitution_at(desk, limits_of).limits if limits_of else grounds.limits
    return Venue(grounds.market, limits, desk.sandbox.name, tapes=desk.tapes)


def strategy_at(desk: Desk, commit: str) -> bytes:
    """The strategy's blob in `commit`, never a checkout of it."""
    return desk.forge.file(commit, STRATEGY)
