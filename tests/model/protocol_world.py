"""The world around the rules: a desk over a store in memory, seats that answer as they are told, and people.

The real loop, seats' acts, gate, life and next step run here.  What is replaced is what measures: the
review's stages, the tournament's episodes, the canary's episodes, the safety of a file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from protocol_memory import everywhere, remembered
from protocol_objects import COMMITS, ROOM, STRATEGY, Refs, commit, entry_after
from protocol_store import Store

from alphaloop import loop
from alphaloop.agents import answers, board, canary, delivery_lead, judging, rollback, sre, steps
from alphaloop.agents.risk import tournament
from alphaloop.errors import Busy, Refused
from alphaloop.facts.change import LIMITS, Change
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
from alphaloop.rules.entries import changes, evidence, releases
from alphaloop.rules.entries.claims import claim, claim_of
from alphaloop.rules.entries.opened import test_of as opened_in
from alphaloop.rules.required import required

ALICE = "human:alice"
TODAY = date(2026, 1, 1)
SCALES = Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)
BOUND = dict.fromkeys(("world", "limits", "constitution", "scenarios", "judge", "platform", "seeds"), "m")
_BASE = Score(0.0, 0.0, 0.1, 5.0, 0.0, 10.0, "", "sha256:b")
_BETTER = replace(_BASE, objective=3.0, digest="sha256:c")
PAIRS = tuple(Pair(seed, _BETTER, _BASE) for seed in range(30))

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
_NOWHERE = Path("/nonexistent")
_NO_SANDBOX = SimpleNamespace(name="none", tainted=False)


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
        self.desk = _desk(self.store)


def _desk(store: Store) -> Desk:
    """A desk over the store; nothing of the machine is at it."""
    return Desk(
        forge=store, ledger=store, keys=None, mind=None, sandbox=_NO_SANDBOX, seed=1,
        rehearsal=False, cores=1, tapes=_NOWHERE, store=_NOWHERE, flag=_NOWHERE, tell=_silent,
        today=_today,
    )  # fmt: skip


def _today() -> date:
    return TODAY


def _silent(words: str) -> None:
    """Nobody listens."""


def founded(scenario: Scenario) -> Refs:
    """The first state: a founded desk, with every change of the scenario open and its hypothesis stated."""
    root = commit({STRATEGY: scenario.founding, "risk.py": "wide"}, (), ALICE)
    genesis = Draft(Kind.GENESIS, "genesis", "the desk opens", {"format": 1, "founding": root})
    entries = (entry_after((), genesis, ALICE),)
    heads = [
        commit({**dict(COMMITS[root].files), **proposed(path, text)}, (root,), author)
        for author, path, text in scenario.candidates
    ]
    refs = Refs(entries, root, tuple(heads))
    store = World(scenario, refs).store
    for number in store.numbers():
        author = store.authors[number]
        idea = Hypothesis("idea", "it helps", "objective") if author == "quant" else None
        store.append(changes.change_opened(store.change(number), idea, 0), author)
    return store.refs


def proposed(path: str, text: str) -> dict[str, str]:
    """The files of a candidate, by path: a strategy that is to hold another size brings its limits along."""
    return {path: text, LIMITS: text} if text in ROOM else {path: text}


# What is measured, and here told.


_ACTING: list["World"] = []
"""The worlds in which somebody acts now, the newest last; what measures is told by it what to find."""


@contextmanager
def told(world: World) -> Iterator[None]:
    """Act in `world`: its seats answer `world.answer`, and a file is as safe as its words."""
    _ACTING.append(world)
    try:
        yield
    finally:
        _ACTING.pop()


@contextmanager
def model(memory: bool = True) -> Iterator[None]:
    """What is the same in every state: this model's constitution, no flag, no pages; memory of its rules."""
    found = SimpleNamespace(seats=SEATS, limits=None, market=None)
    with swapped(
        *((module, "constitution_at", lambda desk, at: found) for module in (sre, delivery_lead, steps)),
        (canary, "constitution_at", _limited),
        (rollback, "constitution_at", _limited),
        (rollback, "loosened", _loosened),
        (rollback, "unsafe", _unsafe),
        (canary, "unsafe", _unsafe),
        (answers, "bound", lambda desk, by: {**BOUND, "judged_by": by, "tainted": "no"}),
        (tournament, "plays", lambda desk, head, base, judged_by: f"{desk.forge.tree(head)}{base}"),
        (claims, "MOST_ATTEMPTS", 2),
        *everywhere(judging.refuse_other_judge, lambda *_: None),
        (board, "_reviewed", lambda desk, change: _reviewed(_ACTING[-1], desk, change)),
        (board, "_asked", lambda desk, change, seat: _said(desk, change, seat, Stance.APPROVE)),
        (board, "claimed", lambda desk, seat, todo, inputs: _claimed(_ACTING[-1], desk, seat, todo, inputs)),
        (canary, "claimed", lambda desk, seat, todo, inputs: _claimed(_ACTING[-1], desk, seat, todo, inputs)),
        (canary, "_run", lambda desk, release, released: _ran(_ACTING[-1], desk, released)),
        (sre, "flag", SimpleNamespace(hoist=lambda *_: None, raised=lambda _: "")),
        *(remembered() if memory else ()),
    ):
        yield


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
    return SimpleNamespace(seats=SEATS, limits=desk.forge.file(at, LIMITS), market=None)


def _loosened(standing: bytes, wanted: bytes) -> tuple[str, ...]:
    return ("MAX_POSITION",) if ROOM.get(wanted.decode(), 0) > ROOM.get(standing.decode(), 0) else ()


def _unsafe(desk: Desk, at: str, limits_of: str = "") -> str:
    """Why a strategy is refused: it is too large for tight limits, or states another size than its limits."""
    limits = desk.forge.file(limits_of or desk.forge.main(), LIMITS)
    strategy = desk.forge.file(at, STRATEGY)
    if strategy.decode() in ROOM and strategy != limits:
        return "it states another size"
    return "too large" if limits == b"tight" and strategy.startswith(b"large") else ""


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
    if STRATEGY not in change.files or change.scaling is not None:
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
    said = Verdict(seat, change.number, change.head, change.base, stance, found, digest, "told")
    return answers.answer(desk, said, change.judged_by)


def better(paid: Entry) -> Evidence:
    test = opened_in(paid)
    shown = betting.judge(PAIRS, test.scales, test.level)
    assert shown.finish is Finish.BETTER
    return Evidence(
        of=paid.commit, change=test.change, head=test.head, head_tree=test.head_tree, base=test.base,
        signature="", scales=test.scales, pairs=PAIRS[: shown.pairs], judgement=shown,
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
