"""Playing recorded evidence again: the same seeds give the same scores, or somebody's numbers are false."""

from dataclasses import replace

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.risk.binding import bound, plays
from alphaloop.agents.tapes import refuse_other_world
from alphaloop.errors import AlphaLoopError
from alphaloop.facts.claim import Holds
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.ports import Desk
from alphaloop.rules.entries.opened import tests
from alphaloop.simulation.machine import processor
from alphaloop.simulation.pairs import play_pair

_WAYS = {
    "judge": "install that release of alphaloop",
    "platform": "play it on a machine of that kind, whose numbers end in the same digits",
    "sandbox": "play it where that sandbox is",
    "world": "another release of alphaloop reads its market.yaml otherwise",
    "limits": "another release of alphaloop reads its risk.py otherwise",
}
"""What evidence is bound to, and where to get it when it is another one here."""


def replayed(desk: Desk, found: Evidence, pairs: int) -> tuple[Holds, str]:
    """Play the first `pairs` pairs of `found` again, under the constitution by which they were judged."""
    differs = _elsewhere(desk, found)
    if differs:
        return Holds.NOT_REPLAYABLE, differs
    own = replace(found.scales, earlier=0, earlier_neighbours=0.0)
    if pairs >= own.pilots and _scales(desk, found) != own:
        return _differs(found, "the pilot gives other scales than those by which it was judged")
    opened = next((test for test in tests(desk.ledger.entries()) if test.entry == found.of), None)
    if opened is not None and opened.plays != plays(desk, found.head, found.base, _judged_by(found)):
        return Holds.FALSE, "its test took the seeds of other files than those that it compares"
    candidate, base = strategy_at(desk, found.head), strategy_at(desk, found.base)
    venue = venue_at(desk, _judged_by(found))
    for told in found.pairs[:pairs]:
        again = play_pair(candidate, base, told.seed, venue)
        if again != told:
            plays_so = again.candidate.digest[:19]
            return _differs(found, f"the pair of seed {told.seed} plays differently: {plays_so}…")
    return Holds.REPLAYED, f"{min(pairs, len(found.pairs))} of {len(found.pairs)} pairs, each the same"


def _scales(desk: Desk, found: Evidence) -> Scales:
    return scales_between(desk, found.head, found.base, _judged_by(found))


def _differs(found: Evidence, words: str) -> tuple[Holds, str]:
    """Other numbers are false ones, unless they came from another kind of processor: that alone can do it."""
    there = found.bound.get("processor", "")
    if there == processor():
        return Holds.FALSE, words
    kinds = f"{there[:19] or 'unknown'}…, here it is {processor()[:19]}…, whose last digits differ"
    return Holds.NOT_REPLAYABLE, f"{words}; its processor is {kinds}: play it on one of that kind"


def _elsewhere(desk: Desk, found: Evidence) -> str:
    """Which input of the evidence is another one here, and where to get it; "" when all are the same."""
    try:
        here = bound(desk, _judged_by(found))
        refuse_other_world(desk, _judged_by(found))
        strategy_at(desk, found.head)
    except AlphaLoopError as wrong:
        return str(wrong)
    for name, way in _WAYS.items():
        if here[name] != found.bound.get(name):
            return f"its {name} is {found.bound.get(name)}, here it is {here[name]}: {way}"
    return ""


def _judged_by(found: Evidence) -> str:
    return found.bound["judged_by"]
