"""One observation of one check."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: a veto ends the review, a warning and a note inform people."""

    NOTE = "note"
    WARNING = "warning"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, and where: `line` counts from 1, 0 where no line applies."""

    check: str
    severity: Severity
    message: str
    file: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if not self.check or not self.message:
            raise ValueError("a finding names its check and says what it saw")
        if self.line < 0:
            raise ValueError(f"a finding's line counts from 1, not {self.line}")


def vetoes(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that end a review."""
    return tuple(finding for finding in findings if finding.severity is Severity.VETO)
