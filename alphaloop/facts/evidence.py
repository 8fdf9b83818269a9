"""What a verdict rests on: the test that was paid for, and every paired difference that it produced."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from alphaloop.facts.episode import GUARDS, Pair
from alphaloop.facts.judgement import Judgement


@dataclass(frozen=True, slots=True)
class Opened:
    """A test that entered the tournament and is paid for, whatever happens next.

    entry: the ledger entry's commit id; number: 1 for the first test of this ledger; level: the α that it
    pays; promotions: tests that had promoted something when this one was opened; scales: the pilot's, frozen
    before anything was judged; plays: digest of the two files and of the market that they meet, from which
    the seeds follow, so that what was played before is not drawn again.
    """

    entry: str
    number: int
    change: int
    head: str
    head_tree: str
    base: str
    level: float
    promotions: int
    scales: "Scales"
    plays: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.level) and 0 < self.level < 1):
            raise ValueError(f"a test pays a level between 0 and 1, not {self.level}")
        if self.number < 1 or self.promotions < 0:
            raise ValueError("tests count from 1, and promotions from 0")
        if not self.plays:
            raise ValueError("a test says by digest what it plays")


@dataclass(frozen=True, slots=True)
class Scales:
    """Standard deviations of the pilot's paired differences, frozen before judging; None where there is none.

    objective: of the gain, quote currency; guards: in the guard's own unit, keyed by its name; pilots: pairs
    that they come from; neighbours: the correlation of one pilot gain with the next, 0 where there is none to
    be had; earlier: pilots of other contests in the ledger before, and their mean of it.
    """

    objective: float | None
    guards: Mapping[str, float | None]
    pilots: int
    neighbours: float = 0.0
    earlier: int = 0
    earlier_neighbours: float = 0.0

    def __post_init__(self) -> None:
        for correlation in (self.neighbours, self.earlier_neighbours):
            if not -1 <= correlation <= 1:
                raise ValueError(f"a correlation lies between -1 and 1; not {correlation}")
        if not (0 <= self.pilots <= MOST_PILOTS and 0 <= self.earlier <= MOST_PILOTS):
            raise ValueError(f"pilots count from 0 to {MOST_PILOTS}")
        for sd in (self.objective, *self.guards.values()):
            if sd is not None and not (math.isfinite(sd) and sd >= 0):
                raise ValueError(f"a standard deviation is finite and at least 0, or missing; not {sd}")
        if set(self.guards) != set(GUARDS):
            raise ValueError(f"every guard has its scale, or None: {', '.join(GUARDS)}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finished run of paired episodes.

    of: commit id of the entry that it belongs to, a test opened or a release; head, head_tree and base: what
    was compared (for a canary head is the release and base its shadow); signature: hex, the seeds derive from
    it; bound: digests and versions of everything else that shaped the result, with at least the names in
    `BOUND`.
    """

    of: str
    change: int
    head: str
    head_tree: str
    base: str
    signature: str
    scales: Scales
    pairs: tuple[Pair, ...]
    bound: Mapping[str, str]
    judgement: Judgement

    def __post_init__(self) -> None:
        lacking = [name for name in BOUND if not self.bound.get(name)]
        if lacking:
            raise ValueError(f"evidence is bound to {', '.join(BOUND)}; it lacks {', '.join(lacking)}")

    @property
    def tainted(self) -> bool:
        """Whether it was played without isolation; only a plain "no" says that it was not."""
        return self.bound["tainted"] != "no"

    @property
    def conditional_on(self) -> str:
        """The recorded tape, NAME@digest, that every episode was made of; "" when none was."""
        return self.bound.get(CONDITIONAL_ON, "")


MOST_PILOTS = 10**9
"""More than anybody plays; what counts further is no count, and no float could hold it."""
BOUND = ("world", "limits", "judge", "platform", "tainted")
CONDITIONAL_ON = "conditional_on"
