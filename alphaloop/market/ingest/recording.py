"""A recording as it is read: messages in, columns of rows out."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.market.ingest.book_sync import BookSync
from alphaloop.market.ingest.lines import numbered_lines
from alphaloop.market.ingest.messages import Diff, Level, Message, Snapshot, Trade, read
from alphaloop.market.rows import rows
from alphaloop.market.tape import BUY, DEPTH, DEPTH_CLEAR, SELL, SNAPSHOT, TRADE, Rows

MOST_NUMBERS = 100


class Recording:
    """One pass over a file.  Rows are in order of receipt, without clock flags, on unshifted clocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.symbol = ""
        self.lines = self.quarantined = self.ignored = self.trades = self.missing_trades = 0
        self.quarantined_lines: list[int] = []
        self.first_fault = ""
        self.sync = BookSync(self._book)
        self._ev: list[int] = []
        self._messages: list[tuple[int, int, int]] = []
        self._prices: list[str] = []
        self._sizes: list[str] = []
        self._last_trade: int | None = None
        self._book_ns = 0

    def read(self) -> None:
        """Read the whole file; raises BadTape when it cannot be read, or holds two symbols."""
        for number, line in numbered_lines(self.path):
            self.lines = number
            try:
                symbol, message = read(line)
            except ValueError as fault:
                self._quarantine(number, fault)
                continue
            self._refuse_second_symbol(number, symbol)
            self._take(message)

    def rows(self) -> Rows:
        """What was read as rows; shape (n,)."""
        counts = [count for count, _, _ in self._messages]
        exch_ns = np.repeat(np.array([exch for _, exch, _ in self._messages], np.int64), counts)
        local_ns = np.repeat(np.array([local for _, _, local in self._messages], np.int64), counts)
        # A recorder's clock that was set back must not make the trader hear things in another order.
        local_ns = np.maximum.accumulate(local_ns)
        prices, sizes = (np.array(list(map(float, texts))) for texts in (self._prices, self._sizes))
        return rows(self._ev, exch_ns, local_ns, prices, sizes)

    def texts(self) -> tuple[list[str], list[str]]:
        """All prices and all sizes as the venue wrote them."""
        return self._prices, self._sizes

    def _quarantine(self, number: int, fault: ValueError) -> None:
        self.quarantined += 1
        self.first_fault = self.first_fault or str(fault)
        if len(self.quarantined_lines) < MOST_NUMBERS:
            self.quarantined_lines.append(number)

    def _refuse_second_symbol(self, number: int, symbol: str) -> None:
        self.symbol = self.symbol or symbol
        if symbol and symbol != self.symbol:
            raise BadTape(
                f"{self.path}:{number}: {symbol} in a recording of {self.symbol}; record one symbol a file"
            )

    def _take(self, message: Message) -> None:
        if isinstance(message, Diff):
            self.sync.diff(message)
        elif isinstance(message, Snapshot):
            self.sync.snapshot(message)
        elif isinstance(message, Trade):
            self._trade(message)
        else:
            self.ignored += 1

    def _trade(self, trade: Trade) -> None:
        if self._last_trade is not None and trade.number > self._last_trade + 1:
            self.missing_trades += trade.number - self._last_trade - 1
        self._last_trade = trade.number
        if not self._book_ns or trade.exch_ns < self._book_ns:
            self.ignored += 1
            return
        self.trades += 1
        self._write(TRADE | (SELL if trade.sold else BUY), [(trade.price, trade.size)])
        self._messages.append((1, trade.exch_ns, trade.local_ns))

    def _book(self, change: Diff | Snapshot) -> None:
        exch_ns = change.exch_ns or change.local_ns
        before = len(self._ev)
        if isinstance(change, Snapshot):
            self._book_ns = self._book_ns or exch_ns
            self._clear(change)
            self._write(SNAPSHOT | BUY, change.bids)
            self._write(SNAPSHOT | SELL, change.asks)
        else:
            self._diff(change)
        self._messages.append((len(self._ev) - before, exch_ns, change.local_ns))

    def _diff(self, diff: Diff) -> None:
        """Deletions first: what is left of the old book cannot cross the new one then, at no row."""
        sides = ((DEPTH | BUY, diff.bids), (DEPTH | SELL, diff.asks))
        for gone in (True, False):
            for ev, levels in sides:
                self._write(ev, [level for level in levels if (float(level[1]) == 0) is gone])

    def _clear(self, snapshot: Snapshot) -> None:
        """A new book after a gap replaces the old one as far as it reaches."""
        if self.sync.counts.synchronised:
            self._write(DEPTH_CLEAR | BUY, [(price, "0") for price, _ in snapshot.bids[-1:]])
            self._write(DEPTH_CLEAR | SELL, [(price, "0") for price, _ in snapshot.asks[-1:]])

    def _write(self, ev: int, levels: Iterable[Level]) -> None:
        for price, size in levels:
            self._ev.append(ev)
            self._prices.append(price)
            self._sizes.append(size)
