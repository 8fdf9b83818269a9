"""What a source gives, before its clocks are put in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.tape import Channel, Rows

MOST_NUMBERS = 100
HOPELESS = 10_000
"""After each so many corrupt lines it is asked whether this is a recording at all."""
UNKNOWN = "unknown"
"""The venue of what does not say where it is from."""


@dataclass(slots=True)
class Tally:
    """What was read of one instrument; see IngestReport for what the counts mean."""

    lines: int = 0
    quarantined: int = 0
    quarantined_lines: list[str] = field(default_factory=list)
    first_fault: str = ""
    ignored: dict[str, int] = field(default_factory=dict)
    diffs: int = 0
    unused: int = 0
    snapshots: int = 0
    stale: int = 0
    touches: int = 0
    marks: int = 0
    trades: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    sequence_gaps: int = 0
    missing_trades: int = 0
    stamps_back: int = 0
    next_funding_ns: int | None = None

    def ignore(self, kind: str, count: int = 1) -> None:
        """Count what makes no rows."""
        if count:
            self.ignored[kind] = self.ignored.get(kind, 0) + count

    def quarantine(self, path: Path, number: int, fault: object) -> None:
        """Count a line that is no message, and name the first ones; raises BadTape when most are none."""
        self.quarantined += 1
        if self.quarantined % HOPELESS == 0 and self.quarantined * 2 > number:
            raise BadTape(f"{path}: more than half of its first {number} lines are no messages, {fault}")
        place = f"{path.name}:{number}"
        self.first_fault = self.first_fault or f"{place}: {fault}"
        if len(self.quarantined_lines) < MOST_NUMBERS:
            self.quarantined_lines.append(place)


@dataclass(frozen=True, slots=True)
class Gathered:
    """One instrument, as received.

    rows: in order of receipt, without clock flags, on unshifted clocks; book:
    "depth", "touch" or "none"; gaps_ns: exchange time of the last sure event, and local time of the event
    that mended the book or None; sequenced: its ids tell what is missing, those of its trades
    too if trades_numbered; clocked: the times of receipt are a recorder's, not assumed.
    """

    paths: Sequence[Path]
    venue: str
    symbol: str
    tally: Tally
    rows: Rows
    book: str
    gaps_ns: Sequence[tuple[int, int | None]] = ()
    channels: tuple[Channel, ...] = ()
    sequenced: bool = True
    trades_numbered: bool = True
    clocked: bool = True
