"""Exploring every order of events, breadth first, and what must hold in every state."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from protocol_people import person
from protocol_store import COMMITS, Killed, Refs, ancestors, tree
from protocol_world import ALICE, SEATS, Scenario, World, advance, founded, model, unlocked_here

from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules import gate

LATER, AT_ONCE = "b", "a"
_COSTLY = ("review", "watch")


class Wrong(AssertionError):
    """Something that must never be so, with the events that led to it."""


class Explored(NamedTuple):
    """How far a search came: states and transitions, and whether nothing was left to be seen."""

    states: int
    transitions: int
    whole: bool


Act = Callable[[World], None]


def explored(scenario: Scenario, most: int, seconds: float) -> Explored:
    """Every state that is reached from the scenario's first, until `most` of them or `seconds` are spent."""
    with model():
        return _explored(scenario, most, time.monotonic() + seconds)


def _explored(scenario: Scenario, most: int, until_s: float) -> Explored:
    first = founded(scenario)
    paths: dict[object, tuple[object, str]] = {first.key: (None, "founded")}
    waiting, transitions = deque([first]), 0
    while waiting:
        if len(paths) > most or time.monotonic() > until_s:
            return Explored(len(paths), transitions, False)
        here = waiting.popleft()
        for label, then in _after(scenario, here):
            transitions += 1
            wrong = next(_wrong(here, then), "")
            if wrong:
                raise Wrong(f"{scenario.name}: {wrong}, after {_told(paths, here)}, {label}")
            if then.key not in paths:
                paths[then.key] = (here.key, label)
                waiting.append(then)
        stuck = _stuck(scenario, here)
        if stuck:
            raise Wrong(f"{scenario.name}: {stuck}, after {_told(paths, here)}")
    return Explored(len(paths), transitions, True)


def _told(paths: dict[object, tuple[object, str]], here: Refs) -> str:
    labels, key = [], here.key
    while key is not None:
        key, label = paths[key]
        labels.append(label)
    return ", ".join(reversed(labels))


# What may happen in a state.


def _after(scenario: Scenario, here: Refs) -> Iterator[tuple[str, Refs]]:
    people = [act for act in scenario.people if _allowed(scenario, here, act)]
    for act in people:
        yield act, _done(scenario, here, lambda world, act=act: person(world, act))
    step = unlocked_here(World(scenario, here))
    if not step and not _unfinished(here):
        return
    for answer in scenario.answers if step in _COSTLY else scenario.answers[:1]:
        yield from _stepping(scenario, here, f"advance({step}: {answer})", answer, people)


def _stepping(
    scenario: Scenario, here: Refs, label: str, answer: str, people: list[str]
) -> Iterator[tuple[str, Refs]]:
    """A step: alone, killed after each of its writes, and with everybody else coming in before each."""

    def step(world: World) -> None:
        advance(world, AT_ONCE, answer)

    world = World(scenario, here)
    writes = _counted(world, step)
    yield label, world.store.refs
    if not scenario.interrupted:
        return
    for place in range(1, writes + 1):
        yield f"{label} killed after write {place}", _killed(scenario, here, step, place)
        for act in (*people, "advance"):
            other = _other(act, answer)
            yield f"{label} with {act} before write {place}", _between(scenario, here, step, place, other)


def _other(act: str, answer: str) -> Act:
    if act == "advance":
        return lambda world: advance(world, LATER, answer)
    return lambda world: person(world, act)


def _done(scenario: Scenario, here: Refs, act: Act) -> Refs:
    world = World(scenario, here)
    act(world)
    return world.store.refs


def _counted(world: World, step: Act) -> int:
    writes = 0

    def count() -> None:
        nonlocal writes
        writes += 1

    world.store.after = count
    step(world)
    return writes


def _killed(scenario: Scenario, here: Refs, step: Act, place: int) -> Refs:
    world, left = World(scenario, here), place

    def kill() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    world.store.after = kill
    try:
        step(world)
    except Killed:
        world.processes.clear()
    return world.store.refs


def _twice(spent: list[str]) -> None:
    if len(spent) != len(set(spent)):
        raise Wrong("two processes spent on the same step")


def _between(scenario: Scenario, here: Refs, step: Act, place: int, other: Act) -> Refs:
    world, left = World(scenario, here), place

    def come_in() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            world.store.before = lambda: None
            other(world)

    world.store.before = come_in
    step(world)
    _twice(world.store.spent)
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
        return not any(COMMITS[one].signer == ALICE for one in _mainline(here)[:-1])
    if verb == "stop":
        return not any(one.kind is Kind.STOP for one in entries)
    if verb == "resume":
        return sum(one.kind is Kind.STOP for one in entries) > sum(one.kind is Kind.RESUME for one in entries)
    if verb in ("veto", "hold", "approve"):
        return not any(_words(one, number) == verb for one in entries)
    if verb == "lift":
        said = [_words(one, number) for one in entries if _words(one, number)]
        return bool(said) and said[-1] != "abstain"
    if verb == "replay":
        return len({one.key for one in entries}) == len(entries)
    return True


def _words(entry: Entry, number: int) -> str:
    """What Alice answered on a change, "" for anything else."""
    hers = entry.kind is Kind.VERDICT and entry.signer == ALICE and entry.body["change"] == number
    return str(entry.body["stance"]) if hers else ""


def _landed_or_closed(entries: tuple[Entry, ...], number: int) -> bool:
    return any(one.kind in (Kind.RELEASE, Kind.CLOSED) and one.body["change"] == number for one in entries)


def _unfinished(here: Refs) -> bool:
    landings = [one.body["landing"] for one in here.entries if one.kind is Kind.RELEASE]
    return bool(landings) and here.main == landings[-1]["base"]


def _mainline(here: Refs) -> list[str]:
    found = [here.main]
    while COMMITS[found[-1]].parents:
        found.append(COMMITS[found[-1]].parents[0])
    return found


# What must never be so, said without the rules that are tried.


def _wrong(before: Refs, now: Refs) -> Iterator[str]:
    if now.entries[: len(before.entries)] != before.entries:
        yield "the ledger lost an entry"
    if before.main not in ancestors(now.main):
        yield "main did not only move forward"
    keys = [one.key for one in now.entries if one.kind is Kind.TEST_OPENED]
    if len(keys) != len(set(keys)):
        yield "a test was charged twice"
    for entry in now.entries[len(before.entries) :]:
        yield from _wrong_entry(now.entries[: entry.number], entry)
    landed = {one.body["landing"]["commit"] for one in now.entries if one.kind is Kind.RELEASE}
    if any(one not in landed and COMMITS[one].signer != ALICE for one in _mainline(now)):
        yield "a commit is on main that nobody landed"


def _wrong_entry(before: tuple[Entry, ...], entry: Entry) -> Iterator[str]:
    if entry.kind is Kind.RELEASE and entry.body["action"] == "merge":
        yield from _wrong_landing(before, entry)
    elif entry.kind is Kind.OUTCOME and not entry.body["restored"]:
        # What runs in no canary has landed for good when it merges, and nothing holds it any more.
        judged = any(one.commit == entry.body["of"] and one.body["judged"] for one in before)
        if judged and _objections(before, int(entry.body["change"])):
            yield "a canary was confirmed over a hold or veto"
    elif entry.kind is Kind.ESCALATION:
        if any(
            one.kind is Kind.ESCALATION and one.body["hypothesis"] == entry.body["hypothesis"]
            for one in before
        ):
            yield "a deadlock was escalated twice"
    elif entry.kind is Kind.DECISION and gate.redecided((*before, entry), entry, SEATS) != gate.decision_of(
        entry
    ):
        yield "a decision cannot be recomputed"


def _wrong_landing(before: tuple[Entry, ...], entry: Entry) -> Iterator[str]:
    number, head, base = (entry.body[name] for name in ("change", "head", "base"))
    made = COMMITS[entry.body["landing"]["commit"]]
    if made.parents != (base, head) or tree(entry.body["landing"]["commit"]) != tree(head):
        yield "what landed is not the tree of the head on its base"
    here = [one for one in before if _on(one, number, head, base)]
    if [one.body["stance"] for one in here if one.signer == "risk"][-1:] != ["approve"]:
        yield "a tree landed that Risk did not approve at this head and base"
    if any(one.body["stance"] in ("hold", "veto") for one in here if one.signer != ALICE):
        yield "a tree landed over a seat's hold or veto"
    if _objections(before, number):
        yield "a tree landed over a person's hold or veto"
    if sum(one.kind is Kind.STOP for one in before) > sum(one.kind is Kind.RESUME for one in before):
        yield "a tree landed while the desk was stopped"


def _on(entry: Entry, number: int, head: str, base: str) -> bool:
    said = entry.body
    return entry.kind is Kind.VERDICT and (said["change"], said["head"], said["base"]) == (number, head, base)


def _objections(before: tuple[Entry, ...], number: int) -> bool:
    """Whether Alice's newest word on a change is an objection; one that is delivered again is no newer."""
    said = {one.key: one for one in reversed(before) if _words(one, number)}
    newest = max(said.values(), key=lambda one: one.number, default=None)
    return newest is not None and newest.body["stance"] in ("hold", "veto")


def _stuck(scenario: Scenario, here: Refs) -> str:
    """What is left undone where the desk has nothing to do any more."""
    if unlocked_here(World(scenario, here)) or _unfinished(here):
        return ""
    if sum(one.kind is Kind.STOP for one in here.entries) > sum(
        one.kind is Kind.RESUME for one in here.entries
    ):
        return ""
    refused = {int(one.body["change"]["number"]) for one in here.entries if _refuses(one)}
    refused |= {
        int(one.body["change"]) for one in here.entries if one.kind is Kind.OUTCOME and one.body["restored"]
    }
    ideas = {number for number in refused if scenario.candidates[number - 1][0] == "quant"}
    told = sum(one.kind is Kind.ESCALATION for one in here.entries)
    if len(ideas) >= SEATS.escalate_after and told != 1:
        return f"{len(ideas)} changes of one idea were refused and it was handed over {told} times"
    return ""


def _refuses(entry: Entry) -> bool:
    return entry.kind is Kind.DECISION and entry.body["stance"] == "veto"
