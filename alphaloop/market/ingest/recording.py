"""A recording of Binance messages as it is read: messages in, columns of rows out."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.ingest import canonical
from alphaloop.market.ingest.book_rows import BookRows
from alphaloop.market.ingest.book_sync import BookSync
from alphaloop.market.ingest.files import line_blocks
from alphaloop.market.ingest.gathered import Tally
from alphaloop.market.ingest.marks import Marks
from alphaloop.market.ingest.messages import Diff, Mark, Message, Origin, Snapshot, Ticker, Trade, read
from alphaloop.market.ingest.prints import Prints
from alphaloop.market.ingest.touches import Touches
from alphaloop.market.pages import room
from alphaloop.market.tape import EVENT, Rows

FARTHEST_FROM_FIRST_NS = 60 * 1_000_000_000
"""A latency that differs by more than this from the recording's first is a corrupt time stamp."""
KINDS = ("forceOrder", "bookTicker", "kline", "24hrTicker", "24hrMiniTicker")


class Recording:
    """One pass over a file.

    The book is made of depth diffs and snapshots, or with `by_touch` of the tickers instead: never of both,
    because both tell of the same book.
    """

    def __init__(self, path: Path, *, by_touch: bool = False) -> None:
        self.path, self.by_touch = path, by_touch
        self.venue = self.symbol = ""
        self._symbol = b""
        self.tally = Tally()
        self.marks = Marks()
        self.tickers = 0
        self.depth = False
        self.sync = BookSync(self._emitted)
        self._prints, self._touches, self._book = Prints(), Touches(), BookRows()
        self._line = self._begun_line = 0
        self._apart_ns: int | None = None

    def read(self) -> None:
        """Read the whole file; raises BadTape when it cannot be read, or holds two markets."""
        for first, lines in line_blocks(self.path):
            self.tally.lines = first + len(lines) - 1
            for number, line in enumerate(lines, first):
                if not self._passed(line):
                    self._line = number
                    self._read(line)

    def rows(self) -> Rows:
        """What was read as rows in order of receipt; shape (n,).  Completes the tally."""
        if self.by_touch:
            book, lines = self._touches.rows(self.tally, self._prints.least_latency_ns())
            begun_line, begun_ns = (int(lines[0]), int(book["exch_ts"][0])) if len(book) else (0, 0)
        else:
            book, lines = self._book.rows()
            begun_line, begun_ns = self._begun_line, self._book.begun_ns
            self.tally.ignore("bookTicker beside depth", self.tickers)
        trades, trade_lines = self._prints.rows(self.tally, begun_line, begun_ns)
        made = _inserted(book, np.searchsorted(lines, trade_lines), trades)
        self.tally.stamps_back = int((np.diff(made["local_ts"]) < 0).sum())
        # A recorder's clock that was set back must not make the trader hear things in another order.
        made["local_ts"] = np.maximum.accumulate(made["local_ts"])
        self._count_book()
        return made

    def _passed(self, line: bytes) -> bool:
        """Whether a line is a well-formed ticker that tells nothing here."""
        if self.by_touch or not self._symbol or canonical.ticker_symbol(line) != self._symbol:
            return False
        self.tickers += 1
        return True

    def _read(self, line: bytes) -> None:
        try:
            origin, message = canonical.read(line) or read(line)
            self._refuse_other_market(origin)
            self._refuse_far_stamp(message)
            self._take(message)
        except ValueError as fault:
            self.tally.quarantine(self.path, self._line, fault)

    def _refuse_other_market(self, origin: Origin) -> None:
        if not self.symbol:
            self.symbol, self._symbol = origin.symbol, origin.symbol.encode()
        self.venue = self.venue or origin.venue
        for found, here in ((origin.symbol, self.symbol), (origin.venue, self.venue)):
            if found and found != here:
                raise BadTape(
                    f"{self.path}:{self._line}: {found} in a recording of {here}; record one market a file"
                )

    def _refuse_far_stamp(self, message: Message) -> None:
        if message.exch_ns is None:
            return
        apart_ns = message.local_ns - message.exch_ns
        if self._apart_ns is None:
            self._apart_ns = apart_ns
        if abs(apart_ns - self._apart_ns) > FARTHEST_FROM_FIRST_NS:
            raise ValueError(f"it was received {(apart_ns - self._apart_ns) / 1e9:.0f} s off all others")

    def _take(self, message: Message) -> None:
        if isinstance(message, Diff):
            self.depth = True
            self.sync.diff(message)
        elif isinstance(message, Snapshot):
            self.sync.snapshot(message)
        elif isinstance(message, Trade):
            self._prints.add(message, self._line)
        elif isinstance(message, Ticker):
            self.tickers += 1
            self._touches.add(message, self._line)
        elif isinstance(message, Mark):
            self.marks.add(message)
            self.tally.marks += 1
        else:
            self.tally.ignore(message.kind if message.kind in KINDS else "other streams")

    def _emitted(self, change: Diff | Snapshot) -> None:
        self._begun_line = self._begun_line or self._line
        self._book.add(change, self._line)

    def _count_book(self) -> None:
        counts, tally = self.sync.counts, self.tally
        tally.diffs, tally.stale, tally.sequence_gaps = counts.used, counts.stale, counts.missing
        tally.snapshots, tally.unused = counts.synchronised, self.sync.waiting
        tally.ignore("snapshot that gave no new book", counts.idle)


def _inserted(rows: Rows, places: NDArray[np.int64], others: Rows) -> Rows:
    """`rows` with each of `others` before the one at its place; places do not fall.  np.insert, in pages."""
    made: Rows = room(len(rows) + len(others), EVENT)
    theirs = places + np.arange(len(others))
    mine = np.ones(len(made), np.bool_)
    mine[theirs] = False
    made[mine], made[theirs] = rows, others
    return made
