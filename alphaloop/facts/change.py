"""A change: a branch and its pull request."""

from dataclasses import dataclass
from enum import StrEnum


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
class Change:
    """What the desk knows of a pull request, read from git and never from its title or body.

    head, base: 40-digit commit ids; head_tree: the tree that is judged and merged; based: whether base is an
    ancestor of head; twins: untouched names in head that differ from a touched one in case only.
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

    @property
    def files(self) -> tuple[str, ...]:
        """Every path that any commit of the change touches, sorted."""
        return tuple(sorted({touch.path for touch in self.touched}))


RELEASE_PATHS = ("strategy.py", "execution.py", "connectivity.yaml")
