"""One seat's answer on one head."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from alphaloop.facts.finding import Finding, vetoes


class Stance(IntEnum):
    """What a seat answers; combining several takes the maximum, so that nothing softens a veto."""

    ABSTAIN = 0
    APPROVE = 1
    HOLD = 2
    VETO = 3
    BROKEN = 4


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a verdict is bound to beside its change, head and base; of anything else it says nothing.

    genesis: id of the repository's ledger; head_tree: the tree that was judged; test: number of the test that
    it rests on and opened: the entry that opened it, None and "" without one; bound: digests and versions of
    all else that shaped the answer, as in evidence.
    """

    genesis: str
    head_tree: str
    test: int | None
    opened: str
    bound: Mapping[str, str]

    def __post_init__(self) -> None:
        for name, identity in (("genesis", self.genesis), ("tree", self.head_tree)):
            _refuse_unless_id(f"a verdict's {name}", identity)
        if (self.test is None) != (not self.opened) or (self.test is not None and self.test < 1):
            raise ValueError("a verdict names a test by its number, from 1, and by its entry, or names none")
        lacking = [name for name in BINDING if not self.bound.get(name)]
        if lacking:
            raise ValueError(f"a verdict is bound to {', '.join(BINDING)}; it lacks {', '.join(lacking)}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A seat's stance on `head` judged against `base`.

    head and base are 40-digit commit ids; `evidence` is the digest of what the stance rests on ("" for none);
    `rests_on` says in words what that is and what effect it could have missed; `grounds` is None until the
    answer is bound, and only a bound one is recorded.
    """

    seat: str
    change: int
    head: str
    base: str
    stance: Stance
    findings: tuple[Finding, ...] = ()
    evidence: str = ""
    rests_on: str = ""
    grounds: Grounds | None = None

    def __post_init__(self) -> None:
        for name, commit in (("head", self.head), ("base", self.base)):
            _refuse_unless_id(f"a verdict's {name}", commit)
        if vetoes(self.findings) and self.stance < Stance.VETO:
            raise ValueError(f"{self.seat} found a veto and answers {self.stance.name.lower()}")


def combined(stances: Iterable[Stance]) -> Stance:
    """The strictest of all stances; with nobody speaking, BROKEN, because silence is never consent."""
    return max(stances, default=Stance.BROKEN)


BINDING = ("judged_by", "world", "limits", "constitution", "scenarios", "judge", "platform", "seeds")
"""What every verdict is bound to, whoever gives it."""


def _refuse_unless_id(what: str, identity: str) -> None:
    if len(identity) != 40 or set(identity) - set("0123456789abcdef"):
        raise ValueError(f"{what} is a 40-digit id, not {identity!r}")
