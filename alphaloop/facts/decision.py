"""What the gate made of all verdicts: a value that carries its own reasons."""

from dataclasses import dataclass
from datetime import date

from alphaloop.facts.verdict import Stance


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether `head` may merge onto `base`, and why.

    day: in UTC, on which it was taken, where an override was given on the change, because that expires; None
    where the time has no part in it.
    """

    change: int
    head: str
    base: str
    stance: Stance
    reasons: tuple[str, ...]
    day: date | None = None

    @property
    def may_merge(self) -> bool:
        """Only an approval merges; a hold, a veto and a failure do not."""
        return self.stance is Stance.APPROVE

    @property
    def word(self) -> str:
        """The decision as people read it."""
        return {
            Stance.ABSTAIN: "held",
            Stance.APPROVE: "approved",
            Stance.HOLD: "held",
            Stance.VETO: "vetoed",
            Stance.BROKEN: "broken",
        }[self.stance]
