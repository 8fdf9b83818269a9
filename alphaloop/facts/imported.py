"""An entry of a clone that diverged, as the ledger takes it in: a trial, and no more."""

import math
from dataclasses import dataclass

from alphaloop.facts.entry import Kind


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported entry was where it was written.

    of: the original's 40-digit commit id; by: the principal whose key signed it; place: its number in the
    ledger of the clone; count: the trials that it stands for; level and plays: what a test opened there paid
    and played, 0 and "" for anything else.
    """

    of: str
    by: str
    was: Kind
    place: int
    count: int
    level: float
    plays: str

    def __post_init__(self) -> None:
        if self.was in (Kind.GENESIS, Kind.IMPORTED) or self.place < 1:
            raise ValueError("what is imported was an entry of its own, after genesis, and no import itself")
        if self.count < 0:
            raise ValueError(f"trials count from 0, not {self.count}")
        tested = self.was is Kind.TEST_OPENED
        if tested != bool(self.plays) or not (math.isfinite(self.level) and (0 < self.level < 1) == tested):
            raise ValueError("an imported test pays its level and says what it played, and nothing else does")
