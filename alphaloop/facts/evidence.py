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
    pays; promotions: tests that had promoted something when this one was opened.
    """

    entry: str
    number: int
    change: int
    head: str
    head_tree: str
    base: str
    level: float
    promotions: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.level) and 0 < self.level < 1):
            raise ValueError(f"a test pays a level between 0 and 1, not {self.level}")
        if self.number < 1 or self.promotions < 0:
            raise ValueError("tests count from 1, and promotions from 0")


@dataclass(frozen=True, slots=True)
class Scales:
    """Standard deviations of the pilot's paired differences, frozen before judging; None where there is none.

    objective: of the gain, quote currency; guards: in the guard's own unit, keyed by its name; pilots: pairs
    that they come from.
    """

    objective: float | None
    guards: Mapping[str, float | None]
    pilots: int

    def __post_init__(self) -> None:
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


BOUND = ("world", "limits", "judge", "platform", "tainted")
CONDITIONAL_ON = "conditional_on"
