"""Exploring every order of events, breadth first."""

import gc
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from sys import intern
from typing import NamedTuple

from protocol_objects import COMMITS, Refs, settled
from protocol_people import person
from protocol_step import Step
from protocol_world import ALICE, Scenario, World, founded, model, unlocked_here
from protocol_wrong import Wrong, mainline, stuck, unfinished, words_of_alice, wrong

from alphaloop.facts.entry import Entry, Kind

_COSTLY = ("review", "watch")


class Explored(NamedTuple):
    """How far a search came: states and transitions, whether nothing was left to be seen, and which states.

    sum: of all states' digests as numbers, modulo 2**96; equal for equal sets of states.
    """

    states: int
    transitions: int
    whole: bool
    sum: int


Paths = dict[bytes, tuple[bytes, str]]


def explored(scenario: Scenario, most: int, seconds: float, memory: bool = True) -> Explored:
    """Every state that is reached from the scenario's first, until `most` of them or `seconds` are spent."""
    with model(memory), _swept():
        return _explored(scenario, most, time.monotonic() + seconds)


def _explored(scenario: Scenario, most: int, until_s: float) -> Explored:
    first = founded(scenario)
    paths: Paths = {first.digest: (b"", "founded")}
    waiting, transitions = deque([first]), 0
    while waiting and len(paths) <= most and time.monotonic() < until_s:
        here = waiting.popleft()
        try:
            for label, then in _lawful(scenario, here):
                transitions += 1
                if then.digest not in paths:
                    paths[then.digest] = (here.digest, intern(label))
                    waiting.append(then)
        except Wrong as found:
            raise Wrong(f"{scenario.name}: {found}; before that {_told(paths, here)}") from found
    seen = sum(int.from_bytes(digest) for digest in paths) % 2**96
    return Explored(len(paths), transitions, not waiting, seen)


def _lawful(scenario: Scenario, here: Refs) -> Iterator[tuple[str, Refs]]:
    """What may happen in a state; raises Wrong where that must not, and where nothing does that must."""
    for label, then in after(scenario, here):
        found = next(wrong(here, then), "")
        if found:
            raise Wrong(f"{found}, by {label}")
        yield label, then
    left = stuck(scenario, here)
    if left:
        raise Wrong(left)


@contextmanager
def _swept() -> Iterator[None]:
    """Without the collector, which would look at every state again and again: nothing here is a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _told(paths: Paths, here: Refs) -> str:
    labels, digest = [], here.digest
    while digest:
        digest, label = paths[digest]
        labels.append(label)
    return ", ".join(reversed(labels))


# What may happen in a state.


def after(scenario: Scenario, here: Refs) -> Iterator[tuple[str, Refs]]:
    """Everything that may happen in a state, in words, and the state to which it leads."""
    people = [act for act in scenario.people if _allowed(scenario, here, act)]
    for act in people:
        yield act, _done(scenario, here, act)
    step = unlocked_here(World(scenario, here))
    if not step and not unfinished(here):
        return
    for answer in scenario.answers if step in _COSTLY else scenario.answers[:1]:
        for label, then in _stepping(scenario, here, f"advance({step}: {answer})", answer, people):
            yield label, settled(then)


def _stepping(
    scenario: Scenario, here: Refs, label: str, answer: str, people: list[str]
) -> Iterator[tuple[str, Refs]]:
    """A step: alone, killed after each of its writes, and with everybody else coming in before each."""
    step = Step(scenario, here, answer)
    yield label, step.alone
    if not scenario.interrupted:
        return
    for place, left in enumerate(step.after, 1):
        # Whoever is killed does nothing any more, so what stands right after a write is what is left.
        yield f"{label} killed after write {place}", left
    for place in range(len(step.before)):
        for act in (*people, "advance"):
            yield f"{label} with {act} before append {place + 1}", step.with_another(place, act)


def _done(scenario: Scenario, here: Refs, act: str) -> Refs:
    world = World(scenario, here)
    person(world, act)
    return world.store.refs


def _allowed(scenario: Scenario, here: Refs, act: str) -> bool:
    """Each thing once, so that a search can come to its end; what undoes something needs that it was done."""
    verb, _, where = act.partition(":")
    entries, number = here.entries, int(where or 0)
    if verb == "push":
        _, path, text = scenario.candidates[number - 1]
        return dict(COMMITS[here.heads[number - 1]].files)[path] == text and not _landed_or_closed(
            entries, number
        )
    if verb in ("tighten", "edit"):
        return not any(COMMITS[one].signer == ALICE for one in mainline(here.main)[:-1])
    if verb == "stop":
        return not any(one.kind is Kind.STOP for one in entries)
    if verb == "resume":
        return sum(one.kind is Kind.STOP for one in entries) > sum(one.kind is Kind.RESUME for one in entries)
    if verb in ("veto", "hold", "approve"):
        return not any(words_of_alice(one, number) == verb for one in entries)
    if verb == "lift":
        said = [words_of_alice(one, number) for one in entries if words_of_alice(one, number)]
        return bool(said) and said[-1] != "abstain"
    if verb == "replay":
        return len({one.key for one in entries}) == len(entries)
    return True


def _landed_or_closed(entries: tuple[Entry, ...], number: int) -> bool:
    return any(one.kind in (Kind.RELEASE, Kind.CLOSED) and one.body["change"] == number for one in entries)
