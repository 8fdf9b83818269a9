"""One path: a start, some moves whose numbers are unknown, and the outer risk engine's judgement."""

from collections.abc import Sequence
from typing import Any

from alphaloop.checks.proof.inside.order import Start, Task
from alphaloop.checks.proof.inside.symbols import Symbols, floating, integer, times
from alphaloop.contract import Book, Fill, Quote, Trade
from alphaloop.facts.history import MOST_SILENT_S, Move
from alphaloop.facts.order import Cause, Side
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing

_SECOND_NS = 1_000_000_000
_WAIT_MS = 100


class Case:
    """The unknown numbers of one path and what a strategy is told of them; `asked` counts the questions."""

    def __init__(self, task: Task, start: Start, silent: bool, symbols: Symbols) -> None:
        self.asked = 0
        self._task, self._start, self._symbols = task, start, symbols
        self._silent_s = MOST_SILENT_S if silent and start.heard else 0
        self._now_ns, self._second_ns = start.now_ns, start.second_ns
        self._position = symbols.whole("position", start.position_lots, start.position_lots)
        self._volatility = self._unknown_volatility() if silent else None
        self._moves: list[tuple[Any, ...]] = []
        self._engine = RiskEngine(task.limits, task.instrument)

    def prepare(self, moves: int, trades: bool) -> list[list[Any]]:
        """All that the strategy will be told, a list for each move; to be called without tracing."""
        return [self._move(number, trades) for number in range(moves)]

    def breaks(self, quotes: Sequence[Quote], book: Book) -> bool:
        """Whether the risk engine refuses a quote of an answer for the strategy's own doing."""
        lots = integer(self._moves[self.asked - 1][6])
        self._engine.refusals.clear()
        standing = Standing(0, book.mid, 0, lots, self._task.capital, 0.0)
        self._engine.admit(quotes, standing)
        return any(refusal.cause is Cause.OWN for refusal in self._engine.refusals)

    def moves(self) -> tuple[Move, ...]:
        """The moves so far in one case that leads here."""
        return tuple(self._concrete(number) for number in range(max(1, self.asked)))

    def _unknown_volatility(self) -> Any:
        task, least = self._task, self._start.floor
        most = task.low_ticks * task.instrument.tick * 2 * task.sway
        return self._symbols.real("volatility", least, max(least, most))

    def _move(self, number: int, trades: bool) -> list[Any]:
        told: list[Any] = []
        symbols, task, first = self._symbols, self._task, number == 0
        filled = self._fill(told) if first and self._start.open else None
        told += self._seconds(self._silent_s if first else 0)
        bid = self._bid(number)
        spread = symbols.whole(f"spread{number}", 1, task.widest_ticks)
        bid_lots = symbols.whole(f"bid_lots{number}", 1, task.most_lots)
        ask_lots = symbols.whole(f"ask_lots{number}", 1, task.most_lots)
        traded = self._trade(number, bid, spread, told) if trades else 0
        self._moves.append((bid, spread, bid_lots, ask_lots, filled, traded, self._position))
        told.append(self._book(bid, spread, bid_lots, ask_lots))
        return told

    def _bid(self, number: int) -> Any:
        """A bid around the level, or, for a strategy that knows no level yet, around the first bid."""
        task = self._task
        if self._start.heard:
            sway = round(task.level * task.sway)
            return self._symbols.whole(f"bid{number}", max(1, task.level - sway), task.level + sway)
        bid = self._symbols.whole(f"bid{number}", task.low_ticks, task.high_ticks)
        if number:
            sway = round(task.low_ticks * task.sway)
            self._symbols.must(bid - self._moves[0][0] <= sway)
            self._symbols.must(self._moves[0][0] - bid <= sway)
        return bid

    def _fill(self, told: list[Any]) -> Any:
        """The nearest order of a side is filled, in part or whole, or nothing is."""
        side = Side.BUY if self._symbols.either("bought") else Side.SELL
        nearest = [one for one in self._start.open if one[0] == side]
        if not nearest or not self._symbols.either("filled"):
            return None
        _, ticks, lots = max(nearest, key=lambda one: one[0] * one[1])
        filled = self._symbols.whole("filled", 1, lots)
        self._position = self._start.position_lots + int(side) * filled
        tick, lot = self._task.instrument.tick, self._task.instrument.lot
        told.append(Fill(side.word, ticks * tick, times(filled, lot), self._now_ns * 1e-9))
        return self._position

    def _seconds(self, silent_s: int) -> list[float]:
        until_ns = self._now_ns + silent_s * _SECOND_NS + _WAIT_MS * 1_000_000
        told = []
        while self._second_ns <= until_ns:
            told.append(self._second_ns * 1e-9)
            self._second_ns += _SECOND_NS
        self._now_ns = until_ns
        return told

    def _trade(self, number: int, bid: Any, spread: Any, told: list[Any]) -> Any:
        if not self._symbols.either(f"traded{number}"):
            return 0
        lots = self._symbols.whole(f"trade{number}", 1, self._task.most_lots)
        bought = self._symbols.either(f"aggressor{number}")
        tick, lot = self._task.instrument.tick, self._task.instrument.lot
        price = times(bid + spread, tick) if bought else times(bid, tick)
        word = "buy" if bought else "sell"
        told.append(Trade(word, price, times(lots, lot), self._now_ns * 1e-9))
        return lots if bought else -lots

    def _book(self, bid: Any, spread: Any, bid_lots: Any, ask_lots: Any) -> Book:
        tick, lot = self._task.instrument.tick, self._task.instrument.lot
        mid = times(2 * bid + spread, tick / 2)
        volatility = self._start.volatility if self._volatility is None else floating(self._volatility)
        streams = (mid, mid, 0.0) if self._task.streams else (None, None, None)
        prices = (times(bid, tick), times(bid + spread, tick))
        sizes = (times(bid_lots, lot), times(ask_lots, lot))
        return Book(
            self._now_ns * 1e-9, *prices, *sizes, mid, times(self._position, lot), volatility, *streams
        )

    def _concrete(self, number: int) -> Move:
        bid, spread, bid_lots, ask_lots, filled, traded, _ = self._moves[number]
        trade = 0 if isinstance(traded, int) else self._whole(traded)
        volatility = self._symbols.value(self._volatility) if self._volatility is not None else None
        return Move(
            wait_ms=_WAIT_MS,
            bid_ticks=self._whole(bid),
            spread_ticks=self._whole(spread),
            bid_lots=self._whole(bid_lots),
            ask_lots=self._whole(ask_lots),
            target_lots=None if filled is None else self._whole(filled),
            trades=(trade,) if trade else (),
            silent_s=self._silent_s if number == 0 else 0,
            volatility=volatility if number == 0 else None,
        )

    def _whole(self, number: Any) -> int:
        return round(self._symbols.value(number))
