"""What verifying a repository found, line by line."""

from dataclasses import dataclass
from enum import StrEnum

from alphaloop.facts.entry import Entry


class Holds(StrEnum):
    """Whether one thing that the repository claims is so."""

    OK = "ok"
    FALSE = "false"
    NOT_REPLAYABLE = "not replayable"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked: what, whether it holds, and why in words."""

    what: str
    holds: Holds
    words: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A commit on main that a ledger entry answers for: main went from base to commit by entry `number`."""

    number: int
    how: str
    commit: str
    base: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was checked; entries is the verified prefix of the ledger, anchors what it landed.

    Whether decisions and levels follow from the entries is for those to recompute who know the rules.
    """

    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    anchors: tuple[Anchor, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is false."""
        return all(line.holds is not Holds.FALSE for line in self.lines)
