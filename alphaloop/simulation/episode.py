"""One strategy over one tape: the event loop between worker and trader.

Market time moves from stop to stop: the receipt of a report, a change of the best price, a second on the
timer, 100 ms of silence.  At each stop the strategy hears what happened until then, and only then is it
asked; what it wants is sent at that very instant, so it takes effect later than everything it was told.
"""

from array import array
from collections import deque
from collections.abc import Sequence
from time import perf_counter_ns
from typing import Final

import numpy as np

from alphaloop.contract import Fill
from alphaloop.errors import Broken, StrategyFault
from alphaloop.facts.market import Limits, Market
from alphaloop.facts.order import Report
from alphaloop.market.journal import Journal
from alphaloop.market.tape import Tape
from alphaloop.ports import Exchange, Shown, Worker
from alphaloop.simulation.exchange_book import BookExchange
from alphaloop.simulation.exchange_lottery import LotteryExchange
from alphaloop.simulation.funding import settlements
from alphaloop.simulation.timeline import SECOND_NS, WARM_UP_S, Timeline, timeline
from alphaloop.simulation.trader import Trader
from alphaloop.simulation.view import NEVER_NS, View

SILENCE_NS: Final = 100_000_000
"""on_book is called at least this often; in a lottery once a step, as in the published game."""
WALL_S: Final = 120.0
"""An episode that takes longer than this has gone wrong."""
_MID: Final = 5
"""Its place among what a strategy is shown."""


def play(worker: Worker, tape: Tape, market: Market, limits: Limits, wall_s: float = WALL_S) -> Journal:
    """Let `worker` trade `tape`, and answer what happened; the position is marked to the mid at the end.

    A fault of the strategy and the breach of a hard limit end the run and are told in the journal.  Raises
    Broken when the platform fails or does not finish within `wall_s` seconds.
    """
    if tape.rounds_ns:
        raise Broken(f"tape {tape.name} has {len(tape.rounds_ns) + 1} rounds; each is played alone")
    made = timeline(tape)
    exchange: Exchange = LotteryExchange(made) if tape.lottery is not None else BookExchange(made)
    try:
        return Episode(worker, made, exchange, market, limits, wall_s).run()
    finally:
        exchange.close()


class Episode:
    """The state of one run; `run` is called once."""

    def __init__(
        self,
        worker: Worker,
        made: Timeline,
        exchange: Exchange,
        market: Market,
        limits: Limits,
        wall_s: float,
    ) -> None:
        self._worker, self._made, self._exchange = worker, made, exchange
        self._market, self._limits = market, limits
        self._tick, self._lot = made.tape.instrument.tick, made.tape.instrument.lot
        self._view = View(made)
        self._trader = Trader(made, self._view, exchange, market.capital, limits)
        self._settlements = deque(settlements(made))
        self._has_gaps, self._has_streams = bool(made.tape.gaps_ns), bool(made.streams)
        lottery = made.tape.lottery
        self._silence_ns = SILENCE_NS if lottery is None else lottery.step_ns
        self._first_ns = made.start_ns + WARM_UP_S * SECOND_NS
        self._second_ns = made.start_ns + SECOND_NS
        self._due_ns = self._next_date(made.start_ns)
        self._silent_ns = 0
        self._asked_prices = (0, 0)
        self._decisions = 0
        self._blind = False
        self._fault = ""
        self._wall_s, self._deadline_ns = wall_s, perf_counter_ns() + round(wall_s * 1e9)
        self._woken_ns = 0
        self._answered_ns = array("q")

    def run(self) -> Journal:
        """Play until the tape, a breach or a fault ends it."""
        try:
            self._step()
            while self._exchange.now_ns < self._made.end_ns and not self._trader.breach:
                self._exchange.advance(self._next_stop(self._exchange.now_ns))
                self._step()
        except StrategyFault as fault:
            self._fault = str(fault) or "the strategy's worker failed and did not say how"
        return self._journal()

    def _next_stop(self, now_ns: int) -> int:
        if now_ns < self._first_ns:
            return self._due_ns
        next_ns = min(self._due_ns, self._view.next_move_ns)
        return next_ns if self._blind else min(next_ns, self._silent_ns)

    def _next_date(self, now_ns: int) -> int:
        """When something other than the market comes next: a second, a settlement, the edge of a gap."""
        settlement_ns = self._settlements[0][0] if self._settlements else NEVER_NS
        edge_ns = self._view.next_edge_ns(now_ns) if self._has_gaps else NEVER_NS
        return min(self._second_ns, settlement_ns, edge_ns)

    def _step(self) -> None:
        """Everything that happens at one instant."""
        self._woken_ns = perf_counter_ns()
        if self._woken_ns > self._deadline_ns:
            self._run_out()
        now_ns = self._exchange.now_ns
        self._view.look(now_ns)
        reports = self._exchange.reports()
        filled = bool(reports) and self._hear(reports, now_ns)
        if now_ns >= self._due_ns:
            self._keep_time(now_ns)
        if self._first_ns <= now_ns < self._made.end_ns:
            self._act(now_ns, filled)

    def _act(self, now_ns: int, filled: bool) -> None:
        view, trader = self._view, self._trader
        if trader.breach:
            trader.withdraw(blind=False)
        elif view.mid is None or (self._has_gaps and view.in_gap(now_ns)):
            trader.withdraw(blind=not self._blind)
            self._blind = True
        elif filled or now_ns >= self._silent_ns or view.prices != self._asked_prices:
            self._decide(now_ns)
        elif not trader.orders.settled:
            trader.work()

    def _keep_time(self, now_ns: int) -> None:
        """Settle what is due, and tell of the seconds that have passed."""
        while self._settlements and self._settlements[0][0] <= now_ns:
            time_ns, rate = self._settlements.popleft()
            self._trader.settle(rate, time_ns)
        if self._second_ns <= now_ns:
            self._tell_time(now_ns)
        self._due_ns = self._next_date(now_ns)

    def _hear(self, reports: Sequence[Report], now_ns: int) -> bool:
        """Take in reports and tell the strategy of fills; answers whether there were any."""
        fills = self._trader.hear(reports)
        if fills:
            self._tell_trades(now_ns)
        for fill in fills:
            self._worker.on_fill(self._fill_of(fill))
        return bool(fills)

    def _fill_of(self, report: Report) -> Fill:
        price, size = report.ticks * self._tick, report.lots * self._lot
        return Fill(report.side.word, price, size, self._view.told_s(report.received_ns))

    def _tell_time(self, now_ns: int) -> None:
        while self._second_ns <= now_ns:
            self._tell_trades(self._second_ns)
            self._worker.on_timer(self._view.told_s(self._second_ns))
            self._second_ns += SECOND_NS

    def _tell_trades(self, until_ns: int) -> None:
        while self._view.next_trade_ns <= until_ns:
            self._worker.on_trade(self._view.next_trade())

    def _decide(self, now_ns: int) -> None:
        """Ask the strategy what it wants, and work towards it."""
        view, trader = self._view, self._trader
        self._silent_ns, self._asked_prices, self._blind = now_ns + self._silence_ns, view.prices, False
        trader.mark(trader.price())
        if trader.breach:
            trader.withdraw(blind=False)
            return
        if view.next_trade_ns <= now_ns:
            self._tell_trades(now_ns)
        self._decisions += 1
        shown = self._shown(now_ns)
        trader.decision_mid = shown[_MID]
        submitted = trader.orders.submitted
        trader.want(self._worker.on_book(shown))
        if trader.orders.submitted > submitted:
            self._answered_ns.append(perf_counter_ns() - self._woken_ns)

    def _shown(self, now_ns: int) -> Shown:
        view, tick, lot = self._view, self._tick, self._lot
        bid, bid_lots, ask, ask_lots = view.state
        mark, index, rate = self._streams(now_ns) if self._has_streams else (None, None, None)
        return (
            view.told_s(now_ns),
            bid * tick,
            ask * tick,
            bid_lots * lot,
            ask_lots * lot,
            (bid + ask) * tick / 2,
            self._trader.account.position_lots * lot,
            view.volatility(now_ns),
            mark,
            index,
            rate,
        )

    def _streams(self, now_ns: int) -> tuple[float | None, float | None, float | None]:
        mark, index, rate = (self._view.stream(name, now_ns) for name in ("mark", "index", "funding"))
        return mark, index, rate

    def _run_out(self) -> None:
        """The wall time is over: whose fault is that?"""
        worked_s = self._worker.spent_s()
        if worked_s > self._wall_s / 2:
            raise StrategyFault(f"the strategy worked for {worked_s:.1f} s in one episode; make it faster")
        raise Broken(
            f"an episode on {self._made.tape.name} took over {self._wall_s:g} s; free this machine, run again"
        )

    def _journal(self) -> Journal:
        now_ns, trader = self._exchange.now_ns, self._trader
        mark = self._view.stream("mark", now_ns)
        # The end is told by the exchange, not by what the trader happened to have heard by then.
        trader.mark(mark if mark is not None else self._made.mid_at(now_ns))
        return Journal(
            instrument=self._made.tape.instrument,
            capital=self._market.capital,
            gamma=self._market.gamma,
            sigma=self._made.tape.sigma,
            max_position=self._limits.max_position,
            start_ns=self._made.start_ns,
            end_ns=now_ns,
            fills=trader.record.fills,
            marks=trader.record.marks,
            mids=self._made.mids,
            attribution=trader.account.attribution,
            decisions=self._decisions,
            refusals=tuple(trader.risk.refusals),
            tick_to_trade_ms=np.array(self._answered_ns, np.float64) / 1e6,
            breach=trader.breach,
            fault=self._fault,
            digest=trader.record.digest(trader.risk.refusals),
            orders=trader.record.orders,
            funding=trader.record.funding,
            channels=self._made.tape.channels,
            outages_ns=self._made.tape.outages_ns,
            messages_per_second=self._market.messages_per_second,
        )
