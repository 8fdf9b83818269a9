"""What the safety stages made of a corpus of strategies whose nature is known."""

from collections import Counter
from dataclasses import dataclass

HONEST = ("benign", "idiom")
NONE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a corpus's manifest: what a file is, and which stage must stop it, "" for an honest one."""

    file: str
    category: str
    stage: str

    @property
    def honest(self) -> bool:
        """Whether nothing may stop it."""
        return self.category in HONEST


@dataclass(frozen=True, slots=True)
class Caught:
    """One file's fate: the stage that vetoed it, "" when none did, and the rules by which."""

    row: Row
    stage: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catch:
    """The fate of a whole corpus, played through the stages up to `through`."""

    stages: tuple[str, ...]
    fates: tuple[Caught, ...]

    @property
    def matrix(self) -> dict[str, Counter[str]]:
        """How many of each category were caught by which stage; "" counts those that none caught."""
        counted: dict[str, Counter[str]] = {}
        for fate in self.fates:
            counted.setdefault(fate.row.category, Counter())[fate.stage] += 1
        return counted

    @property
    def missed(self) -> tuple[Caught, ...]:
        """Unsafe files that no stage caught, though the one that must was asked."""
        return tuple(
            fate for fate in self.fates if not fate.row.honest and not fate.stage and self._asked(fate)
        )

    @property
    def unasked(self) -> tuple[Caught, ...]:
        """Unsafe files that wait for a later stage."""
        return tuple(
            fate for fate in self.fates if not fate.row.honest and not fate.stage and not self._asked(fate)
        )

    @property
    def false_alarms(self) -> tuple[Caught, ...]:
        """Honest files that a stage vetoed."""
        return tuple(fate for fate in self.fates if fate.row.honest and fate.stage)

    def _asked(self, fate: Caught) -> bool:
        return fate.row.stage in self.stages
