"""The pilot: how much paired differences vary, measured on search seeds and frozen before any judging."""

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.facts.evidence import Scales
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.wagers import PILOTS, scales_of
from alphaloop.simulation.pairs import play_pairs


def scales_between(desk: Desk, head: str, base: str) -> Scales:
    """Standard deviations of the differences between two commits' strategies, judged as `base` judges."""
    desk.tell(f"  pilot: {PILOTS} pairs on search seeds")
    numbers = seeds.search(0, f"pilot {head} {base}", PILOTS)
    venue = venue_at(desk, base)
    played = play_pairs(strategy_at(desk, head), strategy_at(desk, base), numbers, venue, desk.cores)
    return scales_of(tuple(played))
