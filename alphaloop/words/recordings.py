"""What is said of recorded data that became a tape."""

from collections.abc import Mapping
from typing import Protocol

from alphaloop.words.spelling import number, seconds

BOOKS = {
    "depth": "a book of depth",
    "touch": "a book of one level a side, from the tickers",
    "none": "no book: trades only, no episode can be played on it alone",
}


class Basis(Protocol):
    """How far a perpetual trades from its index."""

    @property
    def mean(self) -> float:
        """Quote currency."""

    @property
    def std(self) -> float:
        """Quote currency."""

    @property
    def n(self) -> int:
        """Values."""

    @property
    def index(self) -> str:
        """Where the index is from."""


class Recording(Protocol):
    """What ingesting counted."""

    @property
    def source(self) -> str:
        """The files."""

    @property
    def venue(self) -> str:
        """Where they are from."""

    @property
    def symbol(self) -> str:
        """What they are of."""

    @property
    def book(self) -> str:
        """One of BOOKS."""

    @property
    def lines(self) -> int:
        """All lines."""

    @property
    def quarantined(self) -> int:
        """Lines that are no message."""

    @property
    def first_fault(self) -> str:
        """Where the first of those is, and why it is none."""

    @property
    def by_kind(self) -> Mapping[str, int]:
        """Messages that make no rows."""

    @property
    def diffs(self) -> int:
        """Book updates."""

    @property
    def unused(self) -> int:
        """Book updates for which no snapshot came."""

    @property
    def touches(self) -> int:
        """Tickers that made the book."""

    @property
    def trades(self) -> int:
        """Trades."""

    @property
    def marks(self) -> int:
        """Messages of mark, index and funding."""

    @property
    def duplicates(self) -> int:
        """Messages that had come before."""

    @property
    def out_of_order(self) -> int:
        """Messages that came after a newer one."""

    @property
    def sequenced(self) -> bool:
        """Whether there are ids that tell what is missing."""

    @property
    def sequence_gaps(self) -> int:
        """Missing update ids."""

    @property
    def missing_trades(self) -> int:
        """Missing trade ids."""

    @property
    def clocked(self) -> bool:
        """Whether times of receipt were recorded."""

    @property
    def clock_shift_ns(self) -> int:
        """What was added to the recorder's clock."""

    @property
    def span_s(self) -> float:
        """Exchange time from the first row to the last."""

    @property
    def rows(self) -> int:
        """Rows of the tape."""

    @property
    def basis(self) -> Basis | None:
        """None without an index."""


def ingested(name: str, digest: str, report: Recording) -> str:
    """What a recording became, and what it lacked."""
    head = f"{name}: {report.venue} {report.symbol}, {report.rows} rows over {seconds(report.span_s)}"
    lines = [
        f"{head} from {report.source}",
        f"  {report.lines} lines: {_made(report)}",
        f"  {BOOKS[report.book]}; {_missing(report)}; {_clock(report)}",
    ]
    if report.quarantined:
        lines.append(f"  {report.quarantined} quarantined, the first is {report.first_fault}")
    if report.by_kind:
        ignored = ", ".join(f"{count} {kind}" for kind, count in report.by_kind.items())
        lines.append(f"  ignored: {ignored}")
    if report.basis is not None:
        basis = report.basis
        lines.append(
            f"  basis {number(basis.mean)} ± {number(basis.std)} over {basis.n} values; "
            f"the index is {basis.index}"
        )
    return "\n".join([*lines, f"  {digest}"])


def _made(report: Recording) -> str:
    counts = {
        "book updates": report.diffs,
        "book updates without a snapshot": report.unused,
        "tickers": report.touches,
        "trades": report.trades,
        "marks": report.marks,
        "duplicates": report.duplicates,
        "out of order": report.out_of_order,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "a tape already"


def _missing(report: Recording) -> str:
    if not report.sequenced:
        return "no ids tell what is missing"
    return f"{report.sequence_gaps} missing update ids, {report.missing_trades} missing trades"


def _clock(report: Recording) -> str:
    if not report.clocked:
        return "times of receipt are assumed"
    return f"the recorder's clock was moved by {report.clock_shift_ns / 1e6:.3f} ms"
