"""The world around the rules: a desk over a store in memory, seats that answer as they are told, and people.

The real loop, seats' acts, gate, life and next step run here.  What is replaced is what measures: the
review's stages, the tournament's episodes, the canary's episodes, the safety of a file.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from protocol_store import STRATEGY, Refs, Store, commit, entry_after

from alphaloop import loop
from alphaloop.agents import answers, board, canary, delivery_lead, judging, rollback, sre, steps
from alphaloop.agents.risk import tournament
from alphaloop.errors import Busy, Refused
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.role import Power, Seat, Seats
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.facts.work import LEASE_S, Work
from alphaloop.ports import Desk
from alphaloop.rules import betting, claims
from alphaloop.rules.entries import changes, decisions, evidence, opened, releases, verdicts
from alphaloop.rules.entries.claims import claim, claim_of
from alphaloop.rules.entries.opened import test_of as opened_in
from alphaloop.rules.required import required

ALICE = "human:alice"
TODAY = date(2026, 1, 1)
SCALES = Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)
BOUND = dict.fromkeys(("world", "limits", "constitution", "scenarios", "judge", "platform", "seeds"), "m")

SEATS = Seats(
    (
        Seat("quant", "", (STRATEGY,), (), frozenset({Power.PROPOSE})),
        Seat("risk", "", (), (STRATEGY,), frozenset({Power.VETO, Power.OPEN_TESTS, Power.REVIEW})),
        Seat("qa", "", ("tests/*",), (STRATEGY,), frozenset({Power.PROPOSE, Power.REVIEW})),
        Seat("sre", "", (), (), frozenset({Power.MERGE, Power.RELEASE, Power.ROLL_BACK, Power.STOP})),
        Seat("delivery_lead", "", (), (), frozenset({Power.ASSIGN, Power.ESCALATE})),
    ),
    ("alice", "bob"),
    2,
)


class Scenario(NamedTuple):
    """What there is to begin with, and who may do what how often.

    candidates: author, path and text of each change, all opened before anything happens; two that are equal
    stand on one head.  people: the acts that Alice may do; founding: the strategy that is confirmed; answers:
    how the seats may answer; interrupted: whether a step may be killed, and others may come in between.
    """

    name: str
    candidates: tuple[tuple[str, str, str], ...]
    people: tuple[str, ...]
    founding: str = "small"
    answers: tuple[str, ...] = ("approve", "veto", "hold", "broken")
    interrupted: bool = True


class World:
    """One state to act in, and what may be done there."""

    def __init__(self, scenario: Scenario, refs: Refs) -> None:
        self.scenario = scenario
        authors = {number: author for number, (author, _, _) in enumerate(scenario.candidates, 1)}
        self.store = Store(refs, authors)
        self.answer = "approve"
        self.processes: list[str] = []

    @property
    def desk(self) -> Desk:
        """A desk over the store; nothing of the machine is at it."""
        nowhere = Path("/nonexistent")
        sandbox = SimpleNamespace(name="none", tainted=False)
        return Desk(
            forge=self.store, ledger=self.store, keys=None, mind=None, sandbox=sandbox, seed=1,
            rehearsal=False, cores=1, tapes=nowhere, store=nowhere, flag=nowhere, tell=_silent,
            today=lambda: TODAY,
        )  # fmt: skip


def _silent(words: str) -> None:
    """Nobody listens."""


def founded(scenario: Scenario) -> Refs:
    """The first state: a founded desk, with every change of the scenario open and its hypothesis stated."""
    root = commit({STRATEGY: scenario.founding, "risk.py": "wide"}, (), ALICE)
    genesis = Draft(Kind.GENESIS, "genesis", "the desk opens", {"format": 1, "founding": root})
    entries = (entry_after((), genesis, ALICE),)
    heads = [commit({STRATEGY: scenario.founding, "risk.py": "wide", path: text}, (root,), author)
             for author, path, text in scenario.candidates]  # fmt: skip
    refs = Refs(entries, root, tuple(heads))
    store = World(scenario, refs).store
    for number in store.numbers():
        author = store.authors[number]
        idea = Hypothesis("idea", "it helps", "objective") if author == "quant" else None
        store.append(changes.change_opened(store.change(number), idea, 0), author)
    return store.refs


# What is measured, and here told.


@contextmanager
def told(world: World) -> Iterator[None]:
    """Put what measures aside: the seats answer `world.answer`, and a file is as safe as its words."""
    with swapped(
        (board, "_reviewed", lambda desk, change: _reviewed(world, desk, change)),
        (board, "_asked", lambda desk, change, seat: _said(desk, change, seat, Stance.APPROVE)),
        (board, "claimed", lambda desk, seat, todo, inputs: _claimed(world, desk, seat, todo, inputs)),
        (canary, "claimed", lambda desk, seat, todo, inputs: _claimed(world, desk, seat, todo, inputs)),
        (canary, "_run", lambda desk, release, released: _ran(world, desk, released)),
    ):
        yield


@contextmanager
def model() -> Iterator[None]:
    """What is the same in every state: this model's constitution, no flag, no pages, and quick reading."""
    found = SimpleNamespace(seats=SEATS, limits=None, market=None)
    with swapped(
        *((module, "constitution_at", lambda desk, at: found) for module in (sre, delivery_lead, steps)),
        (canary, "constitution_at", _limited),
        (rollback, "unsafe", _unsafe),
        (canary, "unsafe", _unsafe),
        (answers, "bound", lambda desk, base: {**BOUND, "judged_by": base}),
        (tournament, "plays", lambda desk, head, base, judged_by: f"{desk.forge.tree(head)}{base}"),
        (claims, "MOST_ATTEMPTS", 2),
        *everywhere(judging.refuse_other_judge, lambda *_: None),
        (sre, "flag", SimpleNamespace(hoist=lambda *_: None, raised=lambda _: "")),
        *_remembered(),
    ):
        yield


def everywhere(original: Callable[..., Any], other: Callable[..., Any]) -> Iterator[tuple[Any, str, Any]]:
    """The swaps that put `other` in the place of a function, whoever imported it."""
    name = original.__name__
    for module in [module for title, module in sys.modules.items() if title.startswith("alphaloop.")]:
        if getattr(module, name, None) is original:
            yield module, name, other


@contextmanager
def swapped(*swaps: tuple[Any, str, Any]) -> Iterator[None]:
    before = [(module, name, getattr(module, name)) for module, name, _ in swaps]
    for module, name, other in swaps:
        setattr(module, name, other)
    try:
        yield
    finally:
        for module, name, other in reversed(before):
            setattr(module, name, other)


def _limited(desk: Desk, at: str) -> SimpleNamespace:
    return SimpleNamespace(seats=SEATS, limits=desk.forge.file(at, "risk.py"), market=None)


def _unsafe(desk: Desk, at: str) -> str:
    tight = desk.forge.file(desk.forge.main(), "risk.py") == b"tight"
    return "too large" if tight and desk.forge.file(at, STRATEGY).startswith(b"large") else ""


def _remembered() -> Iterator[tuple[Any, str, Any]]:
    """Reading an entry gives the same every time, and its id covers its content: so it is read once."""
    readers = (
        verdicts.verdict_of, evidence.evidence_of, decisions.decision_of, decisions.decided_change,
        opened.test_of, changes.change_of, changes.hypothesis_of, releases.release_of,
    )  # fmt: skip
    for reader in readers:
        yield from everywhere(reader, _once(reader))
    yield from everywhere(evidence.evidence_digest, _once(evidence.evidence_digest))
    pairs_of, alike = evidence.pairs_of, {}

    def pairs(entry: Entry) -> tuple[Pair, ...]:
        # All pairs of this model are alike.
        rows = len(entry.body["pairs"]["rows"])
        if rows not in alike:
            alike[rows] = pairs_of(entry)
        return alike[rows]

    yield from everywhere(pairs_of, pairs)
    judge, judged = betting.judge, {}

    def once(pairs: tuple[Pair, ...], scales: Scales, level: float) -> Judgement:
        # No scale of this model differs but by what stands beside it.
        key = (len(pairs), level, scales.earlier)
        if key not in judged:
            judged[key] = judge(pairs, scales, level)
        return judged[key]

    yield from everywhere(judge, once)


def _once(reader: Callable[[Entry], Any]) -> Callable[[Entry], Any]:
    known: dict[str, Any] = {}

    @wraps(reader)
    def quick(entry: Entry) -> Any:
        if entry.commit not in known:
            known[entry.commit] = reader(entry)
        return known[entry.commit]

    return quick


# The seats.


def _reviewed(world: World, desk: Desk, change: Change) -> tuple[Verdict, ...]:
    """What a review records, in the order in which the board asks."""
    if world.answer == "veto" and answers.answered(desk, change, "risk") is None:
        return (_said(desk, change, "risk", Stance.VETO, Finding("static", Severity.VETO, "no")),)
    others = [name for name in required(change, SEATS) if name != "risk"]
    if world.answer == "hold":
        return (_said(desk, change, "qa", Stance.HOLD),)
    said = tuple(_said(desk, change, name, Stance.APPROVE) for name in others)
    if world.answer == "broken":
        return (*said, _said(desk, change, "risk", Stance.BROKEN))
    if STRATEGY not in change.files:
        return (*said, _said(desk, change, "risk", Stance.APPROVE))
    paid = tournament._paid(desk, change, SCALES)
    assert paid is not None
    world.store.spent.append(paid.commit)
    made = desk.ledger.append(evidence.evidence(better(paid)), "risk")
    return (*said, _said(desk, change, "risk", Stance.APPROVE, digest=evidence.evidence_digest(made)))


def _said(
    desk: Desk, change: Change, seat: str, stance: Stance, *found: Finding, digest: str = ""
) -> Verdict:
    said = answers.answered(desk, change, seat)
    if said is not None:
        return said
    return answers.answer(
        desk, Verdict(seat, change.number, change.head, change.base, stance, found, digest, "told")
    )


def better(paid: Entry) -> Evidence:
    test = opened_in(paid)
    score = Score(0.0, 0.0, 0.1, 5.0, 0.0, 10.0, "", "sha256:b")
    better = replace(score, objective=3.0, digest="sha256:c")
    pairs = tuple(Pair(seed, better, score) for seed in range(30))
    shown = betting.judge(pairs, test.scales, test.level)
    assert shown.finish is Finish.BETTER
    return Evidence(
        of=paid.commit, change=test.change, head=test.head, head_tree=test.head_tree, base=test.base,
        signature="", scales=test.scales, pairs=pairs[: shown.pairs], judgement=shown,
        bound={**BOUND, "judged_by": test.base, "tainted": "no"},
    )  # fmt: skip


def _ran(world: World, desk: Desk, released: Entry) -> Entry:
    """A canary's run: no worse where the answer is to approve, else harm."""
    release = releases.release_of(released)
    finish = Finish.CONFIRMED if world.answer == "approve" else Finish.HARM
    judged = Judgement(finish, 200, 20.0, 1.0, 0.05, (), (), str(finish))
    made = Evidence(
        of=released.commit, change=release.change, head=release.commit,
        head_tree=desk.forge.tree(release.commit), base=release.shadow, signature="", scales=SCALES, pairs=(),
        judgement=judged, bound={**BOUND, "judged_by": release.commit, "tainted": "no"},
    )  # fmt: skip
    return desk.ledger.append(evidence.evidence(made), "sre")


@contextmanager
def _claimed(world: World, desk: Desk, seat: str, todo: Any, inputs: str) -> Iterator[None]:
    """The real rule over a clock that stands still: whoever is at work is known, all others have ended."""
    holder = f"{world.processes[-1]}:{len(desk.ledger.entries())}"
    wanted = Work(str(todo.step), todo.change, inputs, 1, holder, 0, LEASE_S)
    ended = lambda name: name.partition(":")[0] not in world.processes[:-1]  # noqa: E731
    made = claims.next_claim(desk.ledger.entries(), wanted, ended)
    if made is None or claim_of(desk.ledger.append(claim(made), seat)) != made:
        raise Busy("another process is at it")
    yield


# What may happen.


def advance(world: World, process: str, answer: str) -> None:
    """One step of the real `advance`, in which the seats answer `answer`."""
    before, world.answer = world.answer, answer
    world.processes.append(process)
    try:
        with told(world):
            next(loop.advance(world.desk), None)
    except Refused:
        pass
    finally:
        world.processes.pop()
        world.answer = before


def unlocked_here(world: World) -> str:
    """The step that `advance` would take first, "" for none."""
    try:
        todo = next(iter(loop.unlocked(steps.sight(world.desk))), None)
    except Refused:
        return ""
    return "" if todo is None else str(todo.step)
