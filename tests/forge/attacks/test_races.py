"""Main moves, or somebody objects, between a verdict and its merge: only what was judged there lands."""

import os
import random
from collections.abc import Callable

import pytest

from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge import commits
from alphaloop.forge.git import Move
from alphaloop.forge.local import LocalForge
from alphaloop.forge.reading import MAIN
from alphaloop.ports import Merged
from alphaloop.rules.entries import stops

WHOLE = "ALPHALOOP_WHOLE_SWEEP" in os.environ
RACES = 10_000 if WHOLE else 120
SPEAKS_AGAINST = {Kind.STOP, Kind.VERDICT, Kind.CLOSED}


def by_hand(forge: LocalForge, ref: str, who: str, words: str) -> None:
    """Somebody commits to a branch with git, the tree unchanged."""
    old = forge.git.ref(ref)
    content = commits.payload(forge.git.commit(old).tree, (old,), who, words, 1_700_000_000)
    commit = commits.sealed(content, forge.keys.armour(who, content))
    forge.git.write([commit])
    assert forge.git.move([Move(ref, commit.id, old)])


def rivals(decide) -> dict[str, Callable[[LocalForge], object]]:
    """What others may do while change 1 is being merged, each in its own way."""
    veto = {"change": 1, "stance": "veto", "head": "a" * 40, "head_tree": "b" * 40}

    def other_change(forge: LocalForge) -> None:
        change = forge.change(2)
        if change.based:
            forge.merge(
                change, decide(forge, change), "sre", Draft(Kind.RELEASE, "release:2", "release #2", {})
            )

    return {
        "a human commits to main": lambda forge: by_hand(forge, MAIN, "human:ann", "by hand"),
        "the author pushes": lambda forge: by_hand(
            forge, f"refs/heads/{forge.change(1).branch}", "quant", "once more"
        ),
        "another change is merged": other_change,
        "risk vetoes": lambda forge: forge.ledger.append(Draft(Kind.VERDICT, "late", "veto", veto), "risk"),
        "the gate decides anew": lambda forge: decide(forge, forge.change(1), Stance.HOLD),
        "somebody stops the desk": lambda forge: forge.ledger.append(stops.stop((), "risk", "x"), "risk"),
        "the author closes it": lambda forge: forge.close(1, "quant", "no", "close"),
        "somebody comments": lambda forge: forge.comment(1, "human:ann", "look", "comment"),
        "a lesson is learned": lambda forge: forge.ledger.append(
            Draft(Kind.LESSON, "lesson", "wider", {"words": "pays"}), "quant"
        ),
        "its twin merges it": merged,
    }


HARMLESS = {"somebody comments", "a lesson is learned", "its twin merges it"}


def merged(forge: LocalForge) -> object:
    """Merge change 1 on the decision that stood when it was judged."""
    return forge.merge(
        forge.judged, forge.decision, "sre", Draft(Kind.RELEASE, "release:1", "release #1", {})
    )


@pytest.fixture
def judged(desk, decide):
    """Two changes on the same main, the first approved."""
    change = desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    desk.open("quant", "Explain", "It helps.", {"tests/test_it.py": b"def test_it(): ...\n"}, "turn:2")
    return change, decide(desk, change)


def test_no_race_lands_what_was_not_judged_where_it_lands(desk, judged, decide, in_memory, taken):
    """At every look that a merge takes at a reference, and at two of them, somebody else comes first."""
    start, ways = taken(desk), rivals(decide)

    def raced(plan: dict[int, str]) -> None:
        store = type(start)(start.objects, start.refs)
        ours, theirs = in_memory(desk, store, counted=True), in_memory(desk, store)
        for forge in (ours, theirs):
            forge.judged, forge.decision = judged
        store.meanwhile = {look: lambda way=way: ways[way](theirs) for look, way in plan.items()}
        answer = merged(ours)
        came = [way for look, way in plan.items() if look not in store.meanwhile]
        _check(theirs, answer, judged[0], came, start.refs[MAIN])
        looks.append(store.looks)

    looks: list[int] = []
    raced({})
    single = [{look: way} for look in range(1, looks[0] + 1) for way in ways]
    chance = random.Random(5)
    double = [
        {look: chance.choice(list(ways)) for look in chance.sample(range(1, looks[0] + 10), 2)}
        for _ in range(max(0, RACES - len(single)))
    ]
    for plan in chance.sample([*single, *double], RACES):
        raced(plan)


def _check(forge, answer, change, came, base):
    """Main, ledger and answer agree, and nobody who spoke before the release was passed over."""
    entries = forge.ledger.entries()
    released = [entry for entry in entries if entry.key == "release:1"]
    assert len(released) <= 1
    assert bool(released) == isinstance(answer, Merged), (came, answer)
    forge.vouch()
    if not released:
        assert not set(came) <= HARMLESS, (came, answer)
        return
    commit = forge.git.commit(answer.commit)
    assert commit.parents == (base, change.head)
    assert commit.tree == change.head_tree
    assert forge.git.descends(commit.id, forge.main())
    before = entries[: released[0].number]
    decided = max(entry.number for entry in before if entry.kind is Kind.DECISION)
    assert not [entry for entry in before[decided:] if entry.kind in SPEAKS_AGAINST and _on_one(entry)], came
    assert before[-1].commit == commit.trailer("Ledger-Tip")


def _on_one(entry):
    return entry.body.get("change", 1) == 1
