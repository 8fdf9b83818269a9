"""What makes the search quick leaves nothing out: the same states are found the long way."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

import protocol_search
import pytest
from protocol_memory import _ledger_and
from protocol_objects import HOLDER, Refs
from protocol_people import person
from protocol_scenarios import IDEA, SMALL, TESTS
from protocol_search import after, explored
from protocol_step import Step, nothing
from protocol_store import Killed
from protocol_world import Scenario, World, advance, founded, model, unlocked_here
from protocol_wrong import refuse_twice

from alphaloop.facts.entry import Kind

CALM = Scenario("two", (IDEA, IDEA), ("veto:2",), answers=("approve",), interrupted=False)
ROUGH = Scenario("many", (IDEA, TESTS), ("hold:1", "push:2", "stop"), answers=("approve", "veto"))


@pytest.mark.parametrize("scenario", [SMALL[1], CALM], ids=lambda scenario: scenario.name)
def test_a_search_without_memory_finds_the_same_states(scenario):
    quick, long = (explored(scenario, 10_000, 60.0, memory) for memory in (True, False))
    assert quick.whole
    assert quick == long


def test_what_stands_right_after_a_write_is_what_a_kill_leaves():
    with model():
        for here in _some(ROUGH, 40):
            for answer in ROUGH.answers:
                step = Step(ROUGH, here, answer)
                for place, left in enumerate(step.after):
                    assert left == _killed(step, place)


def test_whoever_comes_in_is_told_of_as_if_they_acted_in_the_midst_of_the_step():
    changed = 0
    with model():
        for here in _some(ROUGH, 40):
            step = Step(ROUGH, here, "approve")
            for place in range(len(step.before)):
                for act in ("hold:1", "push:2", "stop", "advance"):
                    then = step.with_another(place, act)
                    assert then == _in_the_midst(step, place, act)
                    changed += then != step.alone
    assert changed > 50


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_who_held_a_claim_leads_nowhere_else_once_that_process_has_ended(scenario, monkeypatch):
    with model():
        settled = set(_found(scenario, lambda refs: refs.digest))
        monkeypatch.setattr(protocol_search, "settled", lambda refs: refs)
        held = _found(scenario, _with_holders)
    assert {refs.digest for refs in held.values()} == settled
    assert len(held) > len(settled)


def test_only_a_stretch_without_gaps_is_known_by_its_end():
    with model():
        entries = founded(CALM).entries
    assert _ledger_and(entries[1:3], 1) == (entries[2].commit, 2, 1)
    assert _ledger_and((entries[0], entries[2]), 1) is None
    assert _ledger_and([*entries], 1) is None


def _some(scenario: Scenario, many: int) -> Iterator[Refs]:
    """Every ninth of the first states of a scenario in which something is left to do."""
    waiting, seen = deque([founded(scenario)]), set()
    found = []
    while len(found) < many * 9:
        here = waiting.popleft()
        if here.digest not in seen:
            seen.add(here.digest)
            found.append(here)
            waiting += (then for _, then in after(scenario, here))
    busy = (one for one in found[::9] if unlocked_here(World(scenario, one)))
    return islice(busy, many)


def _killed(step: Step, place: int) -> Refs:
    """What stands when a step is killed by an error right after its write `place`."""
    world, left = World(ROUGH, step.here), place

    def kill() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    world.store.after = kill
    with pytest.raises(Killed):
        advance(world, step.name, step.answer)
    return world.store.refs


def _in_the_midst(step: Step, place: int, act: str) -> Refs:
    """What stands when the other really acts within the step, before its append `place`."""
    world, left = World(ROUGH, step.here), place

    def come_in() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            world.store.before = nothing
            if act == "advance":
                advance(world, step.other, step.answer)
            else:
                person(world, act)

    world.store.before = come_in
    advance(world, step.name, step.answer)
    refuse_twice(world.store.spent)
    return world.store.refs


def _found(scenario: Scenario, key: Callable[[Refs], object]) -> dict[object, Refs]:
    """Every state of a scenario, where `key` tells them apart."""
    first = founded(scenario)
    found, waiting = {key(first): first}, deque([first])
    while waiting:
        for _, then in after(scenario, waiting.popleft()):
            if key(then) not in found:
                found[key(then)] = then
                waiting.append(then)
    return found


def _with_holders(refs: Refs) -> object:
    return refs.digest, tuple(one.body[HOLDER] for one in refs.entries if one.kind is Kind.CLAIM)
