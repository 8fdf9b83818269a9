"""The pilot: how much paired differences vary, measured on search seeds and frozen before any judging."""

from functools import lru_cache
from hashlib import sha256

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.facts.evidence import Scales
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.wagers import PILOTS, scales_of
from alphaloop.simulation.pairs import play_pairs
from alphaloop.simulation.venue import Venue


def scales_between(desk: Desk, head: str, base: str, judged_by: str) -> Scales:
    """Standard deviations of the differences between two commits' strategies, as `judged_by` judges."""
    desk.tell(f"  pilot: {PILOTS} pairs on search seeds")
    venue = venue_at(desk, judged_by)
    return _measured(strategy_at(desk, head), strategy_at(desk, base), venue, desk.cores)


@lru_cache(maxsize=4)
def _measured(candidate: bytes, base: bytes, venue: Venue, cores: int) -> Scales:
    # The seeds follow from the two files, so no file can be written for them; and a canary, which runs what
    # was tested beside what it was tested against, has the pilot of its test.
    purpose = f"pilot {sha256(candidate).hexdigest()} {sha256(base).hexdigest()}"
    return scales_of(tuple(play_pairs(candidate, base, seeds.search(0, purpose, PILOTS), venue, cores)))
