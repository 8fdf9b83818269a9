"""What ingesting found."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Basis:
    """Perpetual mid − index, quote currency, weighted by how long each value held.

    n: the values; index: where the index is from, the venue's own stream or the mid of which spot market.
    """

    mean: float
    std: float
    n: int
    index: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of one instrument's files; nothing is dropped that is not counted here.

    Of every line: lines = quarantined + ignored + diffs + stale + unused + snapshots + touches + marks +
    trades + duplicates.

    quarantined: lines that are no message of the venue, quarantined_lines the first of them as file:line
    (lines count from 1), first_fault why the first one was; ignored: messages that make no rows, by_kind says
    which; diffs, snapshots, touches, marks and trades: those that did make rows or channels; stale: diffs
    older than the book; unused: diffs for which no snapshot came; duplicates: trades and touches that had
    come before; out_of_order: those that came after a newer one; stamps_back: how often the recorder's clock
    was set back.

    sequence_gaps: missing update ids of the book, missing_trades: missing trade ids; sequenced: whether there
    are ids that tell, because without them both are 0 and mean nothing; trades_numbered: whether those of
    the trades do.

    book: "depth", "touch" (one level a side) or "none" (trades only: no episode can be played on it);
    clock_shift_ns: what was added to the recorder's clock; clocked: whether times of receipt were recorded,
    else latency is an assumption; least_latency_ns: the smallest feed latency after that; span_s: exchange
    time from the first row to the last; rows: of the tape, split_rows of them for the second clock;
    next_funding_ns: when funding is due first; basis: None without an index.
    """

    source: str
    lines: int
    quarantined: int
    quarantined_lines: tuple[str, ...]
    first_fault: str
    ignored: int
    diffs: int
    trades: int
    snapshots: int
    stale: int
    sequence_gaps: int
    missing_trades: int
    clock_shift_ns: int
    least_latency_ns: int
    span_s: float
    rows: int
    split_rows: int
    venue: str = "unknown"
    symbol: str = ""
    book: str = "depth"
    by_kind: Mapping[str, int] = field(default_factory=dict)
    touches: int = 0
    marks: int = 0
    unused: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    stamps_back: int = 0
    sequenced: bool = True
    clocked: bool = True
    next_funding_ns: int | None = None
    basis: Basis | None = None
    trades_numbered: bool = True

    @property
    def received(self) -> int:
        """Messages with a sequence number that were received: diffs, stale ones too, and trades."""
        return self.diffs + self.stale + self.trades * self.trades_numbered
