"""What stands between a strategy's answer and the exchange: account, risk engine, orders, and a record."""

from collections.abc import Sequence
from typing import Final

from alphaloop.contract import Quote
from alphaloop.errors import Broken
from alphaloop.facts.market import Limits
from alphaloop.facts.order import Cause, Event, Report, Side
from alphaloop.ports import Exchange
from alphaloop.simulation.record import Record
from alphaloop.simulation.timeline import Timeline
from alphaloop.simulation.view import View
from alphaloop.trading.account import Account
from alphaloop.trading.orders import Orders
from alphaloop.trading.plan import Open
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Breach, Standing
from alphaloop.trading.want import Want

# Looked up once: a member of an enumeration costs as much as a call.
_ACCEPTED: Final = Event.ACCEPTED
_REJECTED: Final = Event.REJECTED
_FILLED: Final = Event.FILLED
_BUY: Final = Side.BUY
_SELL: Final = Side.SELL


class Trader:
    """One account at one exchange.

    breach: the hard limit that was passed, "" while none was; decision_mid: the mid that the strategy saw
    when it was asked last.
    """

    def __init__(
        self, made: Timeline, view: View, exchange: Exchange, capital: float, limits: Limits
    ) -> None:
        self.account = Account(made.tape.instrument, capital)
        self.risk = RiskEngine(limits, made.tape.instrument)
        self.orders = Orders(exchange)
        self.record = Record()
        self.breach = ""
        self.decision_mid = 0.0
        self._made, self._view, self._exchange, self._limits = made, view, exchange, limits
        self._has_streams, self._max_drawdown = bool(made.streams), limits.max_drawdown
        self._decision_mids: dict[int, float] = {}
        self._standing = self._stand()

    def hear(self, reports: Sequence[Report]) -> list[Report]:
        """Take in reports; answers the fills among them."""
        fills = []
        orders = self.orders
        for report in reports:
            if not orders.hear(report):
                continue
            event = report.event
            if event is _ACCEPTED:
                continue
            if event is _FILLED:
                self._book(report)
                fills.append(report)
            elif event is _REJECTED:
                self.record.reject(report)
            if report.order not in orders.open:
                del self._decision_mids[report.order]
        if fills:
            self.mark(self.price())
        return fills

    def want(self, quotes: Sequence[Quote]) -> None:
        """Replace what is wanted by what the risk engine admits of an answer, and work towards it."""
        self._standing = standing = self._stand()
        self.orders.want(self.risk.admit(quotes, standing))
        if not self.orders.settled:
            self.orders.work(self._passes, self._sent)

    def work(self) -> None:
        """Go on towards what is wanted."""
        self._standing = self._stand()
        self.orders.work(self._passes, self._sent)

    def withdraw(self, blind: bool) -> None:
        """Take every order back; `blind` notes that it is for want of a market to see."""
        if blind:
            now_ns = self._exchange.now_ns
            age_s = self._view.age_ns(now_ns) * 1e-9
            self.risk.note(Breach("stale_data", Cause.CIRCUMSTANCE, age_s, None), now_ns)
        self.orders.want([])
        self.orders.work(self._passes, self._sent)

    def settle(self, rate: float, time_ns: int) -> None:
        """Pay or receive funding that was due at a time."""
        price = self.price(time_ns)
        if price is not None:
            self.record.settle(time_ns, rate, price, self.account.fund(rate, price))
            self.mark(price)

    def price(self, time_ns: int | None = None) -> float | None:
        """What the account is marked to: the mark stream where there is one, else the mid that is seen."""
        if not self._has_streams:
            return self._view.mid
        mark = self._view.stream("mark", self._exchange.now_ns if time_ns is None else time_ns)
        return mark if mark is not None else self._view.mid

    def mark(self, price: float | None) -> None:
        """Value the account, write it down, and see whether it has fallen too far."""
        account = self.account
        if price is not None:
            account.mark_to(price)
        self.record.mark(self._exchange.now_ns, account)
        if account.liquidated and not self.breach:
            self.breach = _liquidation(account)
        fallen, limit = account.max_drawdown, self._max_drawdown
        if not fallen <= limit and not self.breach:
            self.breach = f"drawdown of {fallen:.4f} of capital passed MAX_DRAWDOWN {limit:g}"

    def _book(self, report: Report) -> None:
        mid = self._made.mid_at(report.matched_ns)
        if mid is None:
            raise Broken(f"order {report.order} was filled at {report.matched_ns} ns, before there was a mid")
        fee = self.account.fill(report.side, report.ticks, report.lots, mid)
        self.record.fill(report, mid, self._decision_mids[report.order], fee)
        if abs(self.account.position_lots) > self.risk.bounds.position_lots:
            raise Broken(
                f"a position of {self.account.position:g} got past the limit of "
                f"{self._limits.max_position:g}; the risk engine or the exchange is at fault"
            )

    def _stand(self) -> Standing:
        now_ns, account, view = self._exchange.now_ns, self.account, self._view
        lots, equity, drawdown = account.position_lots, account.equity, account.max_drawdown
        return Standing(now_ns, view.mid, view.age_ns(now_ns), lots, equity, drawdown)

    def _passes(self, want: Want) -> bool:
        side, orders = want.side, self.orders
        nearest = orders.nearest(_SELL if side is _BUY else _BUY)
        return self.risk.passes(want, self._standing, orders.open_lots(side), nearest)

    def _sent(self, verb: str, order: Open) -> None:
        now_ns = self._exchange.now_ns
        self.risk.sent(now_ns)
        if verb == "submit":
            self._decision_mids[order.order] = self.decision_mid
            self.record.submit(now_ns, order)
        else:
            self.record.cancel(now_ns, order)


def _liquidation(account: Account) -> str:
    """That the venue takes the position away, at which mark, and why."""
    return (
        f"liquidated: at the mark {account.mark:g} equity is {account.equity:.6g}, which is not above the "
        f"maintenance margin of a position of {account.position:g}"
    )
