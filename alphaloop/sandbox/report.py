"""What the runner of tests says: one byte once the walls stand, one report when the session has ended."""

from dataclasses import dataclass
from struct import Struct

from alphaloop.sandbox.wire import printable

WALLS_STAND = b"\1"
MAX_WORDS = 4096
"""Bytes of words after the report's header."""

_HEADER = Struct("<8s4I")
_MAGIC = b"ALTESTS1"
LARGEST = len(WALLS_STAND) + _HEADER.size + MAX_WORDS


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of tests (failed: with errors, and files that cannot be collected), and failures in words."""

    collected: int
    passed: int
    failed: int
    skipped: int
    words: str

    @property
    def adds_up(self) -> bool:
        """Whether every collected test has an outcome."""
        outcomes = self.passed + self.failed + self.skipped
        return outcomes == self.collected if not self.failed else outcomes >= self.collected


def packed(report: Report) -> bytes:
    """The report as bytes, its words cut to what fits."""
    counts = (report.collected, report.passed, report.failed, report.skipped)
    return _HEADER.pack(_MAGIC, *counts) + report.words[:MAX_WORDS].encode("ascii", "replace")


def unpacked(message: bytes) -> Report | None:
    """The report in `message`, or None when that is anything else than exactly one report."""
    if len(message) < _HEADER.size or len(message) > _HEADER.size + MAX_WORDS:
        return None
    magic, collected, passed, failed, skipped = _HEADER.unpack_from(message)
    if magic != _MAGIC:
        return None
    lines = message[_HEADER.size :].decode("ascii", "replace").splitlines()
    words = "\n".join(printable(line, 300) for line in lines)
    return Report(collected, passed, failed, skipped, words)
