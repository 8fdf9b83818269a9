"""A walk through a history with the real account and the real risk engine, one answer after the other.

What is told is what an episode could tell: seconds tick, prices lie on ticks, the position is the sum of the
fills that were told, and volatility follows from the mids.  After a silence, in which the market could do
anything, volatility is free, but never less than what it remembers from before.
"""

from collections.abc import Iterator, Sequence
from math import sqrt

from alphaloop.checks.proof.reach import Reach
from alphaloop.contract import Book, Fill, Quote, Trade
from alphaloop.facts.history import Move
from alphaloop.facts.order import Cause, Refusal, Side
from alphaloop.simulation.timeline import HALF_LIFE_S, SECOND_NS, WARM_UP_S
from alphaloop.trading.account import Account
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing
from alphaloop.trading.want import Want

_DECAY = 0.5 ** (1 / HALF_LIFE_S)
_MS_NS = 1_000_000
Told = Trade | Fill | float
"""A trade, a fill, or the time of a second that has passed."""


class Walk:
    """Where a history has led.

    open: the orders at the exchange; over: a run would have ended; second_ns: the next second to be told.
    """

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.account = Account(reach.instrument, reach.capital)
        self.open: list[Want] = []
        self.over = False
        self.now_ns = reach.first_ns
        self.mid: float | None = None
        self.volatility = 0.0
        self._risk = RiskEngine(reach.limits, reach.instrument)
        # Before it is asked first, a strategy hears the seconds of the warm-up.
        self.second_ns = reach.first_ns - (WARM_UP_S - 1) * SECOND_NS
        self._total, self._weight = 0.0, _weight(WARM_UP_S)
        self._second_mid: float | None = None

    def told(self, move: Move) -> Iterator[Told]:
        """Let time pass and orders be filled; what the strategy hears before it is asked."""
        yield from self._fills(move)
        if move.silent_s:
            self.open = []
        until_ns = self.now_ns + move.silent_s * SECOND_NS + move.wait_ms * _MS_NS
        while self.second_ns <= until_ns:
            yield self.second_ns * 1e-9
            self._pass_second()
        self.now_ns = until_ns
        for lots in move.trades:
            yield self._trade(move, lots)

    def book(self, move: Move) -> Book:
        """The book that the strategy is asked about after a move."""
        tick, lot = self.reach.instrument.tick, self.reach.instrument.lot
        bid, ask = move.bid_ticks, move.bid_ticks + move.spread_ticks
        if move.volatility is not None and (move.silent_s or self.mid is None):
            self.volatility = max(move.volatility, sqrt(self._total / self._weight))
            self._total = self.volatility**2 * self._weight
        self.mid = mid = (bid + ask) * tick / 2
        if self._second_mid is None or move.silent_s:
            self._second_mid = mid
        self.account.mark_to(mid)
        self.over = self.over or not self.account.max_drawdown <= self.reach.limits.max_drawdown
        self.over = self.over or self.account.liquidated
        streams = (mid, mid, move.funding) if self.reach.streams else (None, None, None)
        sizes = (move.bid_lots * lot, move.ask_lots * lot)
        prices = (bid * tick, ask * tick)
        position = self.account.position
        return Book(self.now_ns * 1e-9, *prices, *sizes, mid, position, self.volatility, *streams)

    def answer(self, quotes: Sequence[Quote], move: Move) -> Refusal | None:
        """Put the orders of an answer out; the refusal that is the strategy's own doing, None without one."""
        standing = self._standing()
        self._risk.refusals.clear()
        wants = self._risk.admit(quotes, standing)
        own = next((one for one in self._risk.refusals if one.cause is Cause.OWN), None)
        self.open = []
        for want in wants:
            if self._rests(want, move) and self._risk.passes(want, standing, self._lots(want.side), None):
                self.open.append(want)
        return own

    def volatility_after(self, seconds: int) -> float:
        """The volatility after so many seconds in which the mid stands still: the least that it can be."""
        total, weight = self._total, self._weight
        for _ in range(seconds):
            total, weight = _DECAY * total, _DECAY * weight + 1.0
        return sqrt(total / weight)

    def _standing(self) -> Standing:
        account = self.account
        lots, equity = account.position_lots, account.equity
        return Standing(self.now_ns, self.mid, 0, lots, equity, account.max_drawdown)

    def _rests(self, want: Want, move: Move) -> bool:
        """Whether a post-only order is not refused for crossing the touch."""
        if want.side is Side.BUY:
            return want.ticks < move.bid_ticks + move.spread_ticks
        return want.ticks > move.bid_ticks

    def _lots(self, side: Side) -> int:
        return sum(want.lots for want in self.open if want.side is side)

    def _fills(self, move: Move) -> Iterator[Fill]:
        if move.target_lots is None or self.mid is None:
            return
        missing = move.target_lots - self.account.position_lots
        side = Side.BUY if missing > 0 else Side.SELL
        missing = abs(missing)
        for want in sorted(self.open, key=lambda want: -side * want.ticks):
            lots = min(missing, want.lots)
            if want.side is side and lots > 0:
                missing -= lots
                self.account.fill(side, want.ticks, lots, self.mid)
                tick, lot = self.reach.instrument.tick, self.reach.instrument.lot
                yield Fill(side.word, want.ticks * tick, lots * lot, self.now_ns * 1e-9)

    def _trade(self, move: Move, lots: int) -> Trade:
        ticks = move.bid_ticks + (move.spread_ticks if lots > 0 else 0)
        tick, lot = self.reach.instrument.tick, self.reach.instrument.lot
        side = "buy" if lots > 0 else "sell"
        return Trade(side, ticks * tick, abs(lots) * lot, self.now_ns * 1e-9)

    def _pass_second(self) -> None:
        self.second_ns += SECOND_NS
        if self.mid is None or self._second_mid is None:
            return
        change, self._second_mid = self.mid - self._second_mid, self.mid
        self._total = _DECAY * self._total + change * change
        self._weight = _DECAY * self._weight + 1.0
        self.volatility = sqrt(self._total / self._weight)


def _weight(seconds: int) -> float:
    return float(sum(_DECAY**k for k in range(seconds)))
