"""The orders that are open at the exchange, brought step by step to what is wanted."""

from collections.abc import Callable, Sequence

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.ports import Exchange
from alphaloop.trading.plan import Open, Plan, Stage, plan
from alphaloop.trading.want import Want

_GONE = (Event.REJECTED, Event.CANCELED)


class Orders:
    """Open orders by number, with the lots that are open on each side.

    An order counts as open from before it is sent until its end is reported, so that what may still be filled
    is never more than what is counted.  settled: nothing is left to be sent for what is wanted.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.open: dict[int, Open] = {}
        self.wants: list[Want] = []
        self.submitted = 0
        self._exchange = exchange
        self._open_lots = {Side.BUY: 0, Side.SELL: 0}
        self.settled = True

    def open_lots(self, side: Side) -> int:
        """Lots that may still be filled on a side."""
        return self._open_lots[side]

    def nearest(self, side: Side) -> int | None:
        """The own price on a side that the other side would meet first, in ticks; None without orders."""
        prices = [order.ticks for order in self.open.values() if order.side is side]
        if not prices:
            return None
        return max(prices) if side is Side.BUY else min(prices)

    def want(self, wants: Sequence[Want]) -> None:
        """Replace what is wanted; what was settled stays so when the same is wanted again."""
        if wants != self.wants:
            self.wants = list(wants)
            self.settled = False

    def hear(self, report: Report) -> None:
        """Take in what the exchange reports of one order; raises Broken for an order that is not open."""
        order = self.open.get(report.order)
        if order is None:
            raise Broken(
                f"the exchange reported order {report.order} as {report.event}, and it is not open here"
            )
        if report.event is Event.ACCEPTED:
            # A second acceptance tells that a cancel was lost.
            self.settled &= order.stage is Stage.SENT
            order.stage = Stage.RESTING
            return
        self.settled = False
        if report.event is Event.FILLED:
            self._fill(order, report.lots)
        elif report.event in _GONE:
            self._remove(order)
            if report.event is Event.REJECTED:
                self._forget(order)

    def work(self, passes: Callable[[Want], bool], sent: Callable[[str, Open], None]) -> None:
        """Send what the plan says; `passes` is asked for each order, `sent` is told of each message."""
        if self.settled:
            return
        steps: Plan = plan(self.wants, self.open.values())
        self.settled = steps.complete
        for number in steps.cancels:
            order = self.open[number]
            order.stage = Stage.CANCELLING
            self._exchange.cancel(number)
            sent("cancel", order)
        for want in steps.submissions:
            if passes(want):
                sent("submit", self._submit(want))
            else:
                self.settled = False

    def _submit(self, want: Want) -> Open:
        self.submitted += 1
        order = Open(self.submitted, want.side, want.ticks, want.lots)
        self.open[order.order] = order
        self._open_lots[want.side] += want.lots
        self._exchange.submit(order.order, want.side, want.ticks, want.lots)
        return order

    def _fill(self, order: Open, lots: int) -> None:
        if not 0 < lots <= order.lots:
            raise Broken(f"order {order.order} has {order.lots} lots open and was reported filled for {lots}")
        self._open_lots[order.side] -= lots
        order.lots -= lots
        if order.lots == 0:
            del self.open[order.order]

    def _remove(self, order: Open) -> None:
        self._open_lots[order.side] -= order.lots
        del self.open[order.order]

    def _forget(self, order: Open) -> None:
        # The exchange said no to it; asking for the same again before the next decision would only be refused
        # again.
        for want in self.wants:
            if want.side is order.side and want.ticks == order.ticks:
                self.wants.remove(want)
                return
