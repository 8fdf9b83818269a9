"""One seat's answer on one head."""

from collections.abc import Iterable
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
class Verdict:
    """A seat's stance on `head` judged against `base`.

    head and base are 40-digit commit ids; `evidence` is the digest of what the stance rests on ("" for none);
    `rests_on` says in words what that is and what effect it could have missed.
    """

    seat: str
    change: int
    head: str
    base: str
    stance: Stance
    findings: tuple[Finding, ...] = ()
    evidence: str = ""
    rests_on: str = ""

    def __post_init__(self) -> None:
        for name, commit in (("head", self.head), ("base", self.base)):
            if len(commit) != 40 or set(commit) - set("0123456789abcdef"):
                raise ValueError(f"a verdict's {name} is a 40-digit commit id, not {commit!r}")
        if vetoes(self.findings) and self.stance < Stance.VETO:
            raise ValueError(f"{self.seat} found a veto and answers {self.stance.name.lower()}")


def combined(stances: Iterable[Stance]) -> Stance:
    """The strictest of all stances; with nobody speaking, BROKEN, because silence is never consent."""
    return max(stances, default=Stance.BROKEN)
