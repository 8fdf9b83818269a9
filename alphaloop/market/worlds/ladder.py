"""The book of the book world: it plays the drawn flow and writes down every change as a row.

Sizes and prices are integer lots and ticks.  Bids and asks are kept in one shape by counting prices away from
the middle: a bid at tick b is kept at -b, so that on both sides the best price is the smallest number.
"""

from array import array
from collections.abc import Iterator

from alphaloop.errors import BadConfiguration
from alphaloop.market.tape import BUY, DEPTH, SELL, SNAPSHOT, TRADE
from alphaloop.market.worlds import flow as kinds
from alphaloop.market.worlds.flow import Flow
from alphaloop.market.worlds.params import MOST_ROWS

OPENING_LEVELS = 10
MOST_LEVELS = 20
AT_ONCE = 65_536
CANCELS = 0.25
"""Share of the updates behind the touch that take a price away altogether."""


class Ladder:
    """Both sides of the book, and the rows they gave rise to, in columns.

    `when` is the index of the instant in the flow.  The book never crosses, at no row, and neither side is
    ever left empty at the end of an instant.
    """

    def __init__(self, flow: Flow, *, spread: int, gap: int, depth: int, behind: int) -> None:
        self.flow, self.spread, self.gap = flow, spread, gap
        self.depth, self.behind = depth, behind
        self.when, self.ev, self.ticks, self.lots = (array("q") for _ in range(4))
        self._levels: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self._instant = 0
        self._size = depth

    def play(self) -> None:
        """Go through the whole flow once; raises BadConfiguration when it makes more than MOST_ROWS rows."""
        self._open(float(self.flow.fair[0]))
        for instant, (kind, side, size, place, fraction, fair) in enumerate(self._instants()):
            self._instant, self._size = instant, int(size)
            if kind == kinds.REQUOTE or instant == 0:
                self._requote(fair)
            elif kind == kinds.TRADE:
                self._trade(int(side), int(size))
            elif place < 0:
                self._improve(int(side), fraction)
            else:
                self._update(int(side), int(place), fraction)
            if len(self.when) > MOST_ROWS:
                raise BadConfiguration(
                    f"market.yaml: this world makes more than {MOST_ROWS:,} rows an episode; "
                    "lower its rates, its sizes, or episode_s"
                )

    def _instants(self) -> Iterator[tuple[float, ...]]:
        """(kind, side, lots, place, fraction, fair) of each instant: Python's numbers, in bounded memory."""
        flow = self.flow
        columns = (flow.kinds, flow.sides, flow.lots, flow.places, flow.fractions, flow.fair)
        for start in range(0, len(flow.times_ns), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            yield from zip(*(column[part].tolist() for column in columns), strict=True)

    def _open(self, fair: float) -> None:
        bid = self._best_bid_for(fair)
        for side, best in ((1, -bid), (-1, bid + self.spread)):
            for place in range(OPENING_LEVELS):
                self._write(SNAPSHOT, side, best + place * self.gap, self.behind if place else self.depth)

    def _best_bid_for(self, fair: float) -> int:
        return int(fair - self.spread / 2 + 0.5)

    def _requote(self, fair: float) -> None:
        """Take away what stands too near to the fair value, and fill up both touches."""
        bid = self._best_bid_for(fair)
        touches = ((1, -bid), (-1, bid + self.spread))
        for side, touch in touches:
            for key in [key for key in self._levels[side] if key < touch]:
                self._write(DEPTH, side, key, 0)
        for side, touch in touches:
            if self._levels[side].get(touch, 0) < self.depth // 2:
                self._write(DEPTH, side, touch, self._size)

    def _trade(self, aggressor: int, size: int) -> None:
        """Walk the other side from its best price until the order is filled or one price is left."""
        side = -aggressor
        levels = self._levels[side]
        flag = BUY if aggressor > 0 else SELL
        while size > 0 and len(levels) > 1:
            key = min(levels)
            taken = min(size, levels[key])
            self._row(TRADE | flag, -key if side > 0 else key, taken)
            self._write(DEPTH, side, key, levels[key] - taken)
            size -= taken

    def _improve(self, side: int, fraction: float) -> None:
        """Put a small order inside the spread, if there is room."""
        best, other = min(self._levels[side]), min(self._levels[-side])
        room = best + other - 1
        if room > 0:
            key = best - 1 - int(fraction * room)
            self._write(DEPTH, side, key, max(1, self._size // 4))

    def _update(self, side: int, place: int, fraction: float) -> None:
        """Renew, thin out or cancel the size at one price; a long book loses its farthest price instead."""
        levels = self._levels[side]
        if len(levels) > MOST_LEVELS:
            self._write(DEPTH, side, max(levels), 0)
            return
        key = min(levels) + place * self.gap
        old = levels.get(key, 0)
        if place and old and fraction < CANCELS and len(levels) > 2:
            self._write(DEPTH, side, key, 0)
        else:
            self._write(DEPTH, side, key, max(1, (old + self._size) // 2 if old else self._size))

    def _write(self, kind: int, side: int, key: int, lots: int) -> None:
        if lots:
            self._levels[side][key] = lots
        else:
            self._levels[side].pop(key, None)
        self._row(kind | (BUY if side > 0 else SELL), -key if side > 0 else key, lots)

    def _row(self, ev: int, tick: int, lots: int) -> None:
        self.when.append(self._instant)
        self.ev.append(ev)
        self.ticks.append(tick)
        self.lots.append(lots)
