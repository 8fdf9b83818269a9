"""A change: a branch and its pull request."""

import math
from dataclasses import dataclass
from enum import StrEnum

from alphaloop.facts.role import is_human


class State(StrEnum):
    """Where a change stands in its life; recomputed from facts, never stored."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    HELD = "held"
    VETOED = "vetoed"
    BROKEN = "broken"
    STALE = "stale"
    MERGED = "merged"
    CANARY = "canary"
    CONFIRMED = "confirmed"
    ROLLED_BACK = "rolled back"
    ESCALATED = "escalated"
    CLOSED = "closed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Touched:
    """One path that a commit of the change touches.

    committer: the principal that signed it; mode: git's mode of the path at that commit, "000000" when it was
    deleted there.
    """

    path: str
    mode: str
    committer: str
    commit: str


@dataclass(frozen=True, slots=True)
class Scaling:
    """People let the same strategy hold more, or less, and change nothing else of it (docs/decisions/0151).

    before and after: MAX_POSITION in base units; signers: whoever opened it or signed a commit of it, sorted.
    """

    before: float
    after: float
    signers: tuple[str, ...]

    def __post_init__(self) -> None:
        both = (self.before, self.after)
        if not all(math.isfinite(one) and one > 0 for one in both) or self.before == self.after:
            raise ValueError(f"a scaling goes from one position above 0 to another, not from {both}")
        if not self.signers or not all(map(is_human, self.signers)):
            raise ValueError(f"people alone scale a strategy, and not {', '.join(self.signers) or 'nobody'}")

    @property
    def raises(self) -> bool:
        """Whether the strategy is to hold more; else it is to hold less."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Change:
    """What the desk knows of a pull request, read from git and never from its title or body.

    head, base: 40-digit commit ids; head_tree: the tree that is judged and merged; based: whether base is an
    ancestor of head; twins: untouched names in head that differ from a touched one in case only; scaling:
    what it scales, None for every other change.
    """

    number: int
    author: str
    title: str
    branch: str
    base: str
    head: str
    head_tree: str
    touched: tuple[Touched, ...]
    based: bool
    twins: tuple[str, ...] = ()
    scaling: Scaling | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Every path that any commit of the change touches, sorted."""
        return tuple(sorted({touch.path for touch in self.touched}))

    @property
    def judged_by(self) -> str:
        """The commit whose limits judge it: its base, and its own head only where it is a scaling."""
        return self.base if self.scaling is None else self.head

    @property
    def canary(self) -> bool:
        """Whether it runs beside its shadow first: it changes what runs, and does not merely hold less of it.

        The way back from less would loosen a limit, which no machine does.
        """
        lowers = self.scaling is not None and not self.scaling.raises
        return any(path in RELEASE_PATHS for path in self.files) and not lowers


RELEASE_PATHS = ("strategy.py", "execution.py", "connectivity.yaml")
LIMITS = "risk.py"
SCALED_PATHS = (LIMITS, "strategy.py")
"""All that a scaling touches, sorted."""
