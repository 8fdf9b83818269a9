"""The best bid and ask through time, replayed from depth rows exactly as the matching engine does."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.market import Instrument
from alphaloop.market.tape import BUY, DEPTH_CLEAR, KIND_MASK, SELL, TRADE, Rows

_NONE = 1 << 62
# Neighbours are looked for tick by tick this far, before all prices are: books are dense near the touch.
_NEAR = 16

State = tuple[int, int, int, int]
"""Bid ticks, bid lots, ask ticks, ask lots; ticks and lots are 0 on an empty side."""


@dataclass(frozen=True, slots=True)
class Best:
    """The touch as a step function: `states[i]` holds from `times_ns[i]` on.

    Rows of one instant count as one change.  Lists, because the episode reads single values.
    """

    times_ns: list[int]
    states: list[State]


class _Side:
    """One side of the book; of its keys the smallest is the best: ticks for asks, −ticks for bids."""

    __slots__ = ("best", "levels")

    def __init__(self) -> None:
        self.best = _NONE
        self.levels: dict[int, int] = {}

    def put(self, key: int, lots: int, other: "_Side") -> bool:
        """Set the size at a price; answers whether the touch may have changed.

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
        return key == self.best

    def after(self, key: int) -> int:
        """The nearest price behind `key`."""
        for near in range(key + 1, key + _NEAR):
            if near in self.levels:
                return near
        return min((level for level in self.levels if level > key), default=_NONE)

    def clear(self, upto: int) -> None:
        """Forget every price from the best to `upto`, which is farther."""
        self.levels = {key: lots for key, lots in self.levels.items() if key > upto}
        self.best = min(self.levels, default=_NONE)


def touches(rows: Rows, instrument: Instrument) -> tuple[NDArray[np.int64], list[State]]:
    """The touch after each row that may have changed it: the rows' indices and the states.

    rows: dtype EVENT, in the order in which they were heard of.
    """
    depth = np.flatnonzero((rows["ev"] & KIND_MASK) != TRADE)
    rows = rows[depth]
    columns = (
        depth.tolist(),
        ((rows["ev"] & KIND_MASK) == DEPTH_CLEAR).tolist(),
        ((rows["ev"] & BUY) != 0).tolist(),
        ((rows["ev"] & SELL) != 0).tolist(),
        np.rint(rows["px"] / instrument.tick).astype(np.int64).tolist(),
        np.rint(rows["qty"] / instrument.lot).astype(np.int64).tolist(),
    )
    bids, asks = _Side(), _Side()
    indices: list[int] = []
    states: list[State] = []
    for index, clears, bid, ask, ticks, lots in zip(*columns, strict=True):
        if clears:
            _clear(bids, asks, bid, ask, ticks)
        elif not (bids.put(-ticks, lots, asks) if bid else ask and asks.put(ticks, lots, bids)):
            continue
        indices.append(index)
        states.append(_state(bids, asks))
    return np.array(indices, np.int64), states


def in_time(times_ns: NDArray[np.int64], states: list[State]) -> Best:
    """Touches as a step function of times that do not fall, shape of `states`: an instant's last holds."""
    if not states:
        return Best([], [])
    times = times_ns.tolist()
    last = [now != after for now, after in itertools.pairwise(times)] + [True]
    times, states = list(itertools.compress(times, last)), list(itertools.compress(states, last))
    changed = [True, *(old != new for old, new in itertools.pairwise(states))]
    return Best(list(itertools.compress(times, changed)), list(itertools.compress(states, changed)))


def _clear(bids: _Side, asks: _Side, bid: bool, ask: bool, ticks: int) -> None:
    if bid or not ask:
        bids.clear(-ticks if bid else _NONE)
    if ask or not bid:
        asks.clear(ticks if ask else _NONE)


def _state(bids: _Side, asks: _Side) -> State:
    bid, ask = bids.best, asks.best
    if bid == _NONE:
        return (0, 0, 0, 0) if ask == _NONE else (0, 0, ask, asks.levels[ask])
    if ask == _NONE:
        return -bid, bids.levels[bid], 0, 0
    return -bid, bids.levels[bid], ask, asks.levels[ask]
