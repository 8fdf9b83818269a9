"""What matching reads of a tape, written just ahead of its clock and given back behind it.

The engine reads one array through a raw pointer, row after row, and never looks back.  So the array is a
mapping of which only the part around now is memory: an episode does not hold its tape twice.
"""

import mmap
from collections import deque
from typing import Final

import numpy as np

from alphaloop.market.pages import pages
from alphaloop.market.tape import EVENT, EXCHANGE, LOCAL, TRADE, Rows

_FOREVER_NS: Final = 1 << 61
# So many rows are written at once: 256 KiB, which are still in the processor's cache when they are read.
_AT_ONCE = 4_096
_ROW: Final = EVENT.itemsize


class Feed:
    """The rows of a tape for the exchange; what only the trader sees, the engine steps over.

    address, length: of the array.  None of the tape's rows is told to the trader, because the engine would
    wake at each.  Around them are two that are never reached.  At the end of the exchange's rows the engine
    would stop answering, also for orders that are still on their way; and it would look through the whole
    array for the first row that is the trader's.
    """

    def __init__(self, events: Rows) -> None:
        self.length: Final = len(events) + 2
        self._memory = pages(self.length * _ROW)
        rows = np.frombuffer(self._memory, EVENT)
        rows[:1], rows[-1:] = _never(LOCAL), _never(EXCHANGE)
        self.address: Final = int(rows.ctypes.data)
        self._events, self._rows = events, rows[1:]
        self._written = self._given_back = 0
        self._ready_ns = -_FOREVER_NS
        # Of each piece that was written, its latest time and the rows up to its end.
        self._pieces: deque[tuple[int, int]] = deque()

    def begin(self, until_ns: int) -> int:
        """As `go_on`, for an engine that has yet to find its first row."""
        while not self._pieces and self._written < len(self._events):
            self._write()
        first_ns = self._pieces[0][0] if self._pieces else until_ns
        return self.go_on(-_FOREVER_NS, max(first_ns, until_ns))

    def go_on(self, now_ns: int, until_ns: int) -> int:
        """Write what the engine, whose clock is at `now_ns`, reads until another moment.

        Answers the first moment that is too late for it without another call: the engine looks for a row that
        is later than its goal, so one has to be there.  Memory that was never written would look to it like
        rows that are not the exchange's.
        """
        while self._ready_ns <= until_ns and self._written < len(self._events):
            self._write()
        passed = 0
        while self._pieces and self._pieces[0][0] <= now_ns:
            _, passed = self._pieces.popleft()
        self._give_back(passed * _ROW // mmap.PAGESIZE * mmap.PAGESIZE)
        return self._ready_ns

    def _write(self) -> None:
        first, stop = self._written, min(self._written + _AT_ONCE, len(self._events))
        rows = self._rows[first:stop]
        rows[:] = self._events[first:stop]
        rows["ev"] &= ~np.uint64(LOCAL)
        seen_ns = rows["exch_ts"][(rows["ev"] & EXCHANGE) != 0]
        if len(seen_ns):
            latest_ns = int(seen_ns.max())
            self._pieces.append((latest_ns, stop))
            self._ready_ns = max(self._ready_ns, latest_ns)
        self._written = stop
        if stop == len(self._events):
            self._ready_ns = _FOREVER_NS

    def _give_back(self, upto: int) -> None:
        """Let go of the memory of the first bytes, which the engine has read."""
        if upto > self._given_back:
            self._memory.madvise(mmap.MADV_DONTNEED, self._given_back, upto - self._given_back)
            self._given_back = upto


def _never(whose: int) -> Rows:
    row = np.zeros(1, EVENT)
    row["ev"] = TRADE | whose
    row["exch_ts"] = row["local_ts"] = _FOREVER_NS
    return row
