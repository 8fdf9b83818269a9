"""The touch as a stream, and the one-level book that it makes."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.ingest.columns import Columns
from alphaloop.market.ingest.gathered import Tally
from alphaloop.market.ingest.messages import Ticker
from alphaloop.market.ingest.sequence import sequence
from alphaloop.market.rows import rows
from alphaloop.market.tape import BUY, DEPTH, SELL, Rows

UNTIMED = -1


class Touches:
    """Collects tickers, and afterwards gives the rows of the book."""

    def __init__(self) -> None:
        self._tickers = Columns(whole=4, real=4)

    def add(self, ticker: Ticker, line: int) -> None:
        """Take a ticker as received at `line`."""
        exch_ns = UNTIMED if ticker.exch_ns is None else ticker.exch_ns
        touch = ticker.bid, ticker.bid_size, ticker.ask, ticker.ask_size
        self._tickers.add((line, exch_ns, ticker.local_ns, ticker.number), touch)

    def rows(
        self, tally: Tally, least_latency_ns: int, *, sort: bool = False
    ) -> tuple[Rows, NDArray[np.int64]]:
        """Rows in order of receipt and the line of each; shape (n,) both.  Counts what is left out.

        That is updates that came before, and those that came after a newer one, unless they are to be sorted
        by their ids.  A ticker without a time happened `least_latency_ns` before it was received.
        """
        whole, touch = self._tickers.whole(), self._tickers.real()
        ids = sequence(whole[3])
        tally.duplicates += ids.duplicates
        tally.out_of_order += ids.late
        whole, touch = whole[:, ids.first], touch[:, ids.first]
        if sort:
            order = np.argsort(whole[3])
            whole, touch = whole[:, order], touch[:, order]
        newest = whole[3] == np.maximum.accumulate(whole[3])
        tally.ignore("bookTicker older than the touch", int((~newest).sum()))
        tally.touches += int(newest.sum())
        line, exch_ns, local_ns, _ = whole[:, newest]
        happened = np.where(exch_ns == UNTIMED, local_ns - least_latency_ns, exch_ns)
        # Ids are the order of a book; a time stamp that runs back must not undo it.
        made, place = touch_rows(
            np.maximum.accumulate(happened), np.maximum.accumulate(local_ns), touch[:, newest]
        )
        return made, line[place]


def touch_rows(
    exch_ns: NDArray[np.int64], local_ns: NDArray[np.int64], touch: NDArray[np.float64]
) -> tuple[Rows, NDArray[np.int64]]:
    """A book of one level a side, and for each row which touch it is from.

    exch_ns, local_ns: shape (n,), in order; touch: shape (4, n), bid, its size, ask, its size.  What did not
    change makes no row; levels that were left come first.
    """
    price, size = touch[0::2], touch[1::2]
    moved = np.diff(price, axis=1, prepend=0) != 0
    left = moved.copy()
    left[:, :1] = False
    changed = moved | (np.diff(size, axis=1, prepend=0) != 0)
    wanted = np.concatenate([left, changed]).T
    prices = np.concatenate([np.roll(price, 1, axis=1), price]).T[wanted]
    sizes = np.concatenate([np.zeros_like(size), size]).T[wanted]
    ev = np.broadcast_to([DEPTH | BUY, DEPTH | SELL] * 2, wanted.shape)[wanted]
    place = np.nonzero(wanted)[0]
    return rows(ev, exch_ns[place], local_ns[place], prices, sizes), place
