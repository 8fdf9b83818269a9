"""The exchange's book as a tape's rows build it, in integer ticks and lots."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.tape import BUY, DEPTH, DEPTH_CLEAR, EXCHANGE, KIND_MASK, SNAPSHOT, Rows, Tape

BOOK_KINDS = (DEPTH, DEPTH_CLEAR, SNAPSHOT)


class Replay:
    """Both sides of a book, kept as {key: lots}; a bid at tick b has the key -b, an ask at tick a the key a.

    So the best price of either side is the smallest key.
    """

    def __init__(self) -> None:
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self._heaps: tuple[list[int], list[int]] = ([], [])

    def apply(self, ev: int, tick: int, lots: int) -> None:
        """Take one row of the kinds DEPTH, SNAPSHOT and DEPTH_CLEAR; other kinds change no book."""
        bid = bool(ev & BUY)
        levels, heap, key = (self.bids, self._heaps[0], -tick) if bid else (self.asks, self._heaps[1], tick)
        kind = ev & KIND_MASK
        if kind == DEPTH_CLEAR:
            for gone in [other for other in levels if other <= key]:
                del levels[gone]
        elif kind not in BOOK_KINDS:
            return
        elif lots == 0:
            levels.pop(key, None)
        else:
            if key not in levels:
                heapq.heappush(heap, key)
            levels[key] = lots

    def touch(self) -> tuple[int, int] | None:
        """Best bid and best ask in ticks; None while a side is empty."""
        bid, ask = (self._best(*side) for side in zip((self.bids, self.asks), self._heaps, strict=True))
        return None if bid is None or ask is None else (-bid, ask)

    @staticmethod
    def _best(levels: dict[int, int], heap: list[int]) -> int | None:
        # Keys stay in the heap after their level is gone and are dropped when they come to the top.
        while heap and heap[0] not in levels:
            heapq.heappop(heap)
        return heap[0] if heap else None


def book_rows(tape: Tape) -> Iterator[tuple[int, int, int, int]]:
    """(exch_ts, ev, tick, lots) of every row that changes the exchange's book, in its order."""
    places, ev, ticks, lots = book_changes(tape, EXCHANGE)
    times_ns = tape.events["exch_ts"][places]
    yield from zip(times_ns.tolist(), ev.tolist(), ticks.tolist(), lots.tolist(), strict=True)


def books_at(tape: Tape, places: Sequence[int], clock: int) -> Iterator[Replay]:
    """The book just before each of the rows `places` (rising), as the rows for `clock` built it.

    clock: EXCHANGE or LOCAL.  The same Replay is yielded again and again: copy what is to be kept.
    """
    book = Replay()
    changes = zip(*(column.tolist() for column in book_changes(tape, clock)), strict=True)
    change = next(changes, None)
    for place in places:
        while change is not None and change[0] < place:
            book.apply(*change[1:])
            change = next(changes, None)
        yield book


def book_changes(
    tape: Tape, clock: int
) -> tuple[NDArray[np.int64], Rows, NDArray[np.int64], NDArray[np.int64]]:
    """Places in the tape, flags, ticks and lots of the rows that change the book that `clock` sees."""
    kind = tape.events["ev"] & KIND_MASK
    places = np.flatnonzero(((tape.events["ev"] & clock) != 0) & np.isin(kind, BOOK_KINDS))
    mine = tape.events[places]
    ticks = np.rint(mine["px"] / tape.instrument.tick).astype(np.int64)
    return places, mine["ev"], ticks, np.rint(mine["qty"] / tape.instrument.lot).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Touches:
    """The touch after each instant at which the book changed and has both sides; shape (n,) each.

    times_ns at the exchange; bid and ask in ticks, bid_lots and ask_lots the sizes there.
    """

    times_ns: NDArray[np.int64]
    bid: NDArray[np.int64]
    ask: NDArray[np.int64]
    bid_lots: NDArray[np.int64]
    ask_lots: NDArray[np.int64]


def touches(tape: Tape) -> Touches:
    """The touch of a whole tape; an instant is one exchange time: half-applied messages are not seen."""
    book, now = Replay(), 0
    seen: list[tuple[int, int, int, int, int]] = []
    for time_ns, ev, tick, lots in book_rows(tape):
        if time_ns != now:
            seen += _seen(book, now)
            now = time_ns
        book.apply(ev, tick, lots)
    seen += _seen(book, now)
    columns = np.array(seen, np.int64).reshape(-1, 5).T
    return Touches(*columns)


def _seen(book: Replay, time_ns: int) -> list[tuple[int, int, int, int, int]]:
    touch = book.touch()
    if touch is None:
        return []
    bid, ask = touch
    return [(time_ns, bid, ask, book.bids[-bid], book.asks[ask])]
