"""What the tests of the rules share: the shipped seats, changes, verdicts, and a ledger in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from alphaloop.facts.change import Change, Touched
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Scales
from alphaloop.facts.role import Seats
from alphaloop.facts.verdict import BINDING, Grounds, Stance, Verdict
from alphaloop.rules.constitution import roles
from alphaloop.rules.constitution.writing import with_humans
from alphaloop.rules.entries.evidence import evidence_named, evidence_of
from alphaloop.rules.entries.opened import tests

ROOT = Path(__file__).resolve().parents[2]
HEAD, BASE, TREE = "a" * 40, "b" * 40, "c" * 40
PLAYED = {"world": "w", "limits": "l", "judge": "j", "platform": "p"}
GENESIS = hashlib.sha1(b"0 genesis").hexdigest()


@dataclass
class Memory:
    """Entries as a ledger would hold them: numbered, with ids, the same key never twice."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, draft: Draft, signer: str = "risk", **more: object) -> Entry:
        for entry in self.entries:
            if entry.key == draft.key:
                return entry
        commit = hashlib.sha1(f"{len(self.entries)} {draft.key}".encode()).hexdigest()
        body = {**draft.body, **more}
        entry = Entry(len(self.entries), commit, signer, draft.kind, draft.key, draft.subject, body)
        self.entries.append(entry)
        return entry


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def roles_yaml() -> bytes:
    return with_humans((ROOT / "roles.yaml").read_bytes(), ["alice", "bob"])


@pytest.fixture(scope="session")
def seats(roles_yaml: bytes) -> Seats:
    return roles.seats(roles_yaml)


@pytest.fixture(scope="session")
def a_change() -> Callable[..., Change]:
    """A change of `paths` by `author`, one commit for each path."""

    def make(*paths: str, author: str = "quant", mode: str = "100644", **more: object) -> Change:
        touched = tuple(Touched(path, mode, author, HEAD) for path in paths or ("strategy.py",))
        change = Change(7, author, "wider", "quant/7", BASE, HEAD, TREE, touched, True)
        return replace(change, **more)

    return make


@pytest.fixture(scope="session")
def a_verdict() -> Callable[..., Verdict]:
    """A verdict on the change that `a_change` makes."""

    def make(seat: str, stance: Stance = Stance.APPROVE, **more: object) -> Verdict:
        evidence = "sha256:e" if seat == "risk" and stance is Stance.APPROVE else ""
        said = replace(Verdict(seat, 7, HEAD, BASE, stance, (), evidence, ""), **more)
        bound = dict.fromkeys(BINDING, "x") | PLAYED | {"judged_by": said.base}
        return replace(said, grounds=said.grounds or Grounds(GENESIS, TREE, None, "", bound))

    return make


@pytest.fixture
def ledger() -> Memory:
    """A ledger that holds its genesis entry."""
    memory = Memory()
    memory.add(
        Draft(Kind.GENESIS, "genesis", "the desk opens", {"format": 1, "founding": "f" * 40}), "human:alice"
    )
    return memory


@pytest.fixture
def rests(ledger: Memory) -> Callable[[Verdict], Verdict]:
    """A verdict bound to the test, and to all else, that the evidence which it names was played for."""

    def bind(said: Verdict) -> Verdict:
        entry = evidence_named(ledger.entries, said.change, said.evidence) if said.evidence else None
        if entry is None:
            return said
        found = evidence_of(entry)
        test = next((one for one in tests(ledger.entries) if one.entry == found.of), None)
        number, opened = (None, "") if test is None else (test.number, test.entry)
        bound = {**said.grounds.bound, **found.bound}
        return replace(said, grounds=Grounds(GENESIS, TREE, number, opened, bound))

    return bind


@pytest.fixture(scope="session")
def a_pair() -> Callable[..., Pair]:
    """A pair with this gain, and guards that are equal on both sides but for the named advantages."""

    def make(
        gain: float | None, seed: int = 1, breach: str = "", fault: str = "", **better: float | None
    ) -> Pair:
        base = Score(0.0, 0.0, 0.1, 5.0, 0.0, 10.0, "", "sha256:b")
        guards = {
            guard: _moved(
                getattr(base, guard), better.get(guard, 0.0), guard in ("max_drawdown", "max_abs_position")
            )
            for guard in GUARDS
        }
        candidate = replace(base, objective=gain, breach=breach, fault=fault, digest="sha256:c", **guards)
        return Pair(seed, candidate, base)

    return make


@pytest.fixture(scope="session")
def scales() -> Scales:
    """Objective with sd 1, guards with none: shown while no pair is worse."""
    return Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)


def _moved(value: float, by: float | None, down: bool) -> float | None:
    return None if by is None else value - by if down else value + by
