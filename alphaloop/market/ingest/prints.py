"""The trades of a source, each once: a venue's single trades and its aggregates tell of the same trades."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.ingest.columns import Columns
from alphaloop.market.ingest.gathered import Tally
from alphaloop.market.ingest.messages import Trade
from alphaloop.market.ingest.sequence import sequence
from alphaloop.market.rows import rows
from alphaloop.market.tape import BUY, SELL, TRADE, Rows


class Prints:
    """Collects trades and aggregates, and afterwards gives the rows of one of the two."""

    def __init__(self) -> None:
        self._single, self._aggregate = (Columns(whole=6, real=2) for _ in range(2))

    def add(self, trade: Trade, line: int) -> None:
        """Take a trade as received at `line`."""
        kept = self._aggregate if trade.aggregate else self._single
        whole = (line, trade.exch_ns, trade.local_ns, trade.number, trade.sold, trade.on_book)
        kept.add(whole, (trade.price, trade.size))

    def rows(self, tally: Tally, begun_line: int, begun_ns: int) -> tuple[Rows, NDArray[np.int64]]:
        """Rows in order of receipt and the line of each; shape (n,) both.  Counts what is left out.

        That is aggregates beside single trades, ids that came before, prints that never met the book, and
        what came before the book did: received before `begun_line`, or traded before `begun_ns`.
        """
        single = len(self._single) > 0
        kept = self._single if single else self._aggregate
        tally.ignore("aggTrade beside trade", len(self._aggregate) if single else 0)
        line, exch_ns, local_ns, number, sold, on_book = kept.whole()
        ids = sequence(number)
        tally.duplicates += ids.duplicates
        tally.out_of_order += ids.late
        tally.missing_trades += ids.missing
        met = on_book == 1
        begun = (line >= begun_line) & (exch_ns >= begun_ns)
        tally.ignore("trade off the book", int((ids.first & ~met).sum()))
        tally.ignore("trade before the book", int((ids.first & met & ~begun).sum()))
        used = ids.first & met & begun
        tally.trades += int(used.sum())
        price, size = kept.real()[:, used]
        ev = TRADE | np.where(sold[used] == 1, SELL, BUY)
        return rows(ev, exch_ns[used], local_ns[used], price, size), line[used]

    def least_latency_ns(self) -> int:
        """The smallest time from a trade to its receipt, on unshifted clocks; 0 without a trade."""
        kept = self._single if len(self._single) else self._aggregate
        _, exch_ns, local_ns, *_ = kept.whole()
        return int((local_ns - exch_ns).min()) if len(kept) else 0
