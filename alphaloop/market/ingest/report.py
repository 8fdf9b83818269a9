"""What ingesting a recording found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of one recording; nothing is dropped that is not counted here.

    lines read; quarantined: lines that are no message of the venue, quarantined_lines their first numbers
    (from 1); ignored: messages that make no rows (book ticker and other streams, prints off the book, trades
    while the book was unknown); diffs, trades and snapshots that did make rows; stale: diffs older than the
    book; sequence_gaps: missing update ids of the book, missing_trades: missing trade ids; clock_shift_ns:
    what was added to the recorder's clock; least_latency_ns: the smallest feed latency after that; span_s:
    exchange time from the first row to the last; rows: of the tape, split_rows of them for the second clock;
    first_fault: why the first quarantined line was.
    """

    source: str
    lines: int
    quarantined: int
    quarantined_lines: tuple[int, ...]
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

    @property
    def received(self) -> int:
        """Messages with a sequence number that were received: diffs, stale ones too, and trades."""
        return self.diffs + self.stale + self.trades
