"""The best bid and ask through time, replayed from depth rows exactly as the matching engine does."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alphaloop.facts.market import Instrument
from alphaloop.market.tape import BUY, DEPTH_CLEAR, KIND_MASK, SELL, TRADE, Rows
from alphaloop.simulation.steps import Integers, pieces, together

_NONE = 1 << 62
# Neighbours are looked for tick by tick this far before all prices are: the next one is mostly near.
_NEAR = 256


@dataclass(frozen=True, slots=True)
class Best:
    """The touch as a step function: `states[i]` holds from `times_ns[i]` on.

    times_ns: shape (n,); states: shape (n, 4), bid ticks, bid lots, ask ticks, ask lots, where ticks and lots
    are 0 on an empty side.  Rows of one instant count as one change.
    """

    times_ns: Integers
    states: Integers


class _Side:
    """One side of the book; of its keys the smallest is the best: ticks for asks, −ticks for bids."""

    __slots__ = ("best", "levels")

    def __init__(self) -> None:
        self.best = _NONE
        self.levels: dict[int, int] = {}

    def put(self, key: int, lots: int, other: "_Side") -> bool:
        """Set the size at the best price or a better one; answers whether the touch may have changed.

        A better price that meets the other side uncovers that side's next price: the feed is late with its
        removal.
        """
        if lots == 0:
            self.levels.pop(key, None)
            if key != self.best:
                return False
            self.best = self.after(key)
            return True
        self.levels[key] = lots
        if key < self.best:
            self.best = key
            if other.best <= -key:
                other.best = other.after(-key)
        return True

    def after(self, key: int) -> int:
        """The nearest price behind `key`."""
        for near in range(key + 1, key + _NEAR):
            if near in self.levels:
                return near
        return min(filter(key.__lt__, self.levels), default=_NONE)

    def clear(self, upto: int) -> None:
        """Forget every price from the best to `upto`, which is farther."""
        self.levels = {key: lots for key, lots in self.levels.items() if key > upto}
        self.best = min(self.levels, default=_NONE)


def depth_rows(rows: Rows, order: Integers) -> Integers:
    """The indices of `order` whose rows, of dtype EVENT, may change a book, in their order."""

    def changing(part: Integers) -> Integers:
        ev = rows["ev"][part]
        kind = ev & KIND_MASK
        kept: Integers = part[(kind == DEPTH_CLEAR) | ((kind != TRADE) & ((ev & (BUY | SELL)) != 0))]
        return kept

    return together(map(changing, pieces(order)), len(order))


def touches(rows: Rows, instrument: Instrument, order: Integers) -> Iterator[tuple[Integers, Integers]]:
    """The touch after each depth row that may have changed it: places in `order`, and states as in `Best`.

    rows: dtype EVENT; order: the indices of the depth rows that are heard of, in that order.  Piece by piece.
    """
    bids, asks = _Side(), _Side()
    place = 0
    for part in pieces(order):
        found = array("q")
        # Any other mode than clip makes a copy more; no index is beyond the rows.
        _replay(rows.take(part, mode="clip"), instrument, place, bids, asks, found)
        table = np.frombuffer(found, np.int64).reshape(-1, 5)
        yield table[:, 0], table[:, 1:]
        place += len(part)


def _replay(
    depth: Rows, instrument: Instrument, place: int, bids: _Side, asks: _Side, found: "array[int]"
) -> None:
    """Let rows happen, of which `place` is the first, and append each that may have changed the touch."""
    bid, ask = (depth["ev"] & BUY) != 0, (depth["ev"] & SELL) != 0
    ticks = np.rint(depth["px"] / instrument.tick).astype(np.int64)
    lots = np.rint(depth["qty"] / instrument.lot).astype(np.int64)
    clears = (depth["ev"] & KIND_MASK) == DEPTH_CLEAR
    columns = (clears, bid, ask, np.where(bid, -ticks, ticks), lots)
    for clear, buy, sell, key, size in zip(*(column.tolist() for column in columns), strict=True):
        place += 1
        if clear:
            _clear(bids, asks, buy, sell, key)
        else:
            side, other = (bids, asks) if buy else (asks, bids)
            if key > side.best:
                # Most rows are of this kind: nobody sees a change behind the best price.
                if size:
                    side.levels[key] = size
                else:
                    side.levels.pop(key, None)
                continue
            if not side.put(key, size, other):
                continue
        found.extend((place - 1, *_state(bids, asks)))


def _clear(bids: _Side, asks: _Side, buy: bool, sell: bool, key: int) -> None:
    if buy or not sell:
        bids.clear(key if buy else _NONE)
    if sell or not buy:
        asks.clear((-key if buy else key) if sell else _NONE)


def _state(bids: _Side, asks: _Side) -> tuple[int, int, int, int]:
    bid, ask = bids.best, asks.best
    if bid == _NONE:
        return (0, 0, 0, 0) if ask == _NONE else (0, 0, ask, asks.levels[ask])
    if ask == _NONE:
        return -bid, bids.levels[bid], 0, 0
    return -bid, bids.levels[bid], ask, asks.levels[ask]
