"""What the trader knows of the market while time goes on."""

from bisect import bisect_right
from struct import Struct
from typing import Any, Final

import numpy as np

from alphaloop.contract import Trade
from alphaloop.market.tape import BUY
from alphaloop.simulation.timeline import SECOND_NS, Timeline, singles

NEVER_NS: Final = 1 << 62
# So far ahead an instant is looked for before it is looked for everywhere: it is mostly near.
_NEAR: Final = 16
_STATE_BYTES: Final = 32
_unpack: Final = Struct("=4q").unpack_from


class View:
    """A cursor over a timeline that only moves forward.

    state: the touch as the trader sees it, as in `Best`, and prices its two prices; mid: in quote currency,
    None without both sides; next_ns, next_move_ns, next_trade_ns: when the next touch, other best price and
    trade are heard of.
    """

    def __init__(self, made: Timeline) -> None:
        self.state, self.prices = (0, 0, 0, 0), (0, 0)
        self.mid: float | None = None
        self._made = made
        self._volatility, self._start_ns = made.volatility, made.start_ns
        self._half_tick = made.tape.instrument.tick / 2
        self._times_ns = singles(made.local.times_ns)
        self._states = singles(np.ascontiguousarray(made.local.states))
        self._moves_ns = singles(made.moves_ns)
        self._heard_ns, self._sent_ns = singles(made.heard_ns), singles(made.sent_ns)
        events = made.tape.events
        self._trade_columns: list[Any] = [singles(events[name]) for name in ("ev", "px", "qty", "local_ts")]
        self._trade_rows = singles(made.trades)
        self._trades_ns = singles(events["local_ts"][made.trades])
        self._place = self._move = self._trade = self._heard = 0
        self.next_ns = _at(self._times_ns, 0)
        self.next_move_ns = _at(self._moves_ns, 0)
        self.next_trade_ns = _at(self._trades_ns, 0)
        self._skew = made.streams.get("clock_skew")
        self._edges_ns = sorted({edge for gap in made.tape.gaps_ns for edge in gap})

    def look(self, now_ns: int) -> None:
        """Take in all that is heard until now; nothing is before `next_ns`."""
        if now_ns < self.next_ns:
            return
        self._place = place = _after(now_ns, self._times_ns, self._place)
        self.next_ns = _at(self._times_ns, place)
        self.state = bid, _, ask, _ = _unpack(self._states, (place - 1) * _STATE_BYTES)
        self.prices = bid, ask
        self.mid = (bid + ask) * self._half_tick if bid and ask else None
        if now_ns >= self.next_move_ns:
            self._move = move = _after(now_ns, self._moves_ns, self._move)
            self.next_move_ns = _at(self._moves_ns, move)

    def age_ns(self, now_ns: int) -> int:
        """How long ago the exchange sent the newest thing that is known; 0 where its clock runs ahead."""
        self._heard = heard = _after(now_ns, self._heard_ns, self._heard)
        if not heard:
            return NEVER_NS
        age_ns = now_ns - self._sent_ns[heard - 1]
        return age_ns if age_ns > 0 else 0

    def told_s(self, time_ns: int) -> float:
        """A time in seconds as the strategy is told it, which is wrong by the channel "clock_skew"."""
        if self._skew is None:
            return time_ns * 1e-9
        skew_s = self._skew.at(time_ns)
        return time_ns * 1e-9 if skew_s is None else time_ns * 1e-9 + skew_s

    def volatility(self, now_ns: int) -> float:
        """Price units per √s, as of the last whole second."""
        return self._volatility[(now_ns - self._start_ns) // SECOND_NS]

    def stream(self, name: str, now_ns: int) -> float | None:
        """The value of a side channel, None without one."""
        stream = self._made.streams.get(name)
        return stream.at(now_ns) if stream is not None else None

    def next_trade(self) -> Trade:
        """The trade of others that is heard of at `next_trade_ns`; the one after it is the next."""
        row = self._trade_rows[self._trade]
        ev, price, size, local_ns = self._trade_columns
        self._trade += 1
        self.next_trade_ns = _at(self._trades_ns, self._trade)
        return Trade("buy" if ev[row] & BUY else "sell", price[row], size[row], self.told_s(local_ns[row]))

    def in_gap(self, now_ns: int) -> bool:
        """Whether the tape has nothing here that may be judged."""
        return any(start <= now_ns < end for start, end in self._made.tape.gaps_ns)

    def next_edge_ns(self, now_ns: int) -> int:
        """When the next gap begins or ends."""
        index = bisect_right(self._edges_ns, now_ns)
        return self._edges_ns[index] if index < len(self._edges_ns) else NEVER_NS


def _after(now_ns: int, times_ns: memoryview, place: int) -> int:
    """The first place, from a `place` on that is not behind it, of a time after now."""
    near = place + _NEAR
    if near < len(times_ns) and now_ns < times_ns[near]:
        return bisect_right(times_ns, now_ns, place, near)
    return bisect_right(times_ns, now_ns, place)


def _at(times_ns: memoryview, place: int) -> int:
    return int(times_ns[place]) if place < len(times_ns) else NEVER_NS
