"""The orders that are open at the exchange, brought step by step to what is wanted."""

from collections import deque
from collections.abc import Callable, Sequence

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.ports import Exchange
from alphaloop.trading.plan import Open, Plan, Stage, plan
from alphaloop.trading.tale import Tale
from alphaloop.trading.want import Want

# So many ended orders are known when they are told of again; whatever is told of older ones is a fault.
_REMEMBERED = 4_096


class Orders:
    """Open orders by number, with the lots that are open on each side.

    An order counts as open from before it is sent until its end is reported, so that what may still be filled
    is never more than what is counted, though reports be late, repeated or out of order.  settled: nothing is
    left to be sent for what is wanted.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.open: dict[int, Open] = {}
        self.wants: list[Want] = []
        self.submitted = 0
        self._exchange = exchange
        self._open_lots = {Side.BUY: 0, Side.SELL: 0}
        self._tales: dict[int, Tale] = {}
        self._ended: deque[int] = deque()
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

    def hear(self, report: Report) -> bool:
        """Take in what the exchange reports of one order; False when it was known before.

        Raises Broken for an order that was never sent or ended long ago, and for what contradicts itself.
        """
        tale = self._tales.get(report.order)
        if tale is None or report.side is not tale.side:
            raise Broken(
                f"the exchange reported order {report.order} as {report.event} of a {report.side.word}, and "
                "such an order is not open here"
            )
        if report.event is Event.ACCEPTED:
            return self._accept(tale)
        filled = report.event is Event.FILLED
        news = tale.fill(report.lots, report.left) if filled else tale.end(report.lots)
        if news:
            self._shrink(tale)
            if report.event is Event.REJECTED:
                self._forget(report)
        return news

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
        self._tales[order.order] = Tale(order.order, want.side, want.lots)
        self._open_lots[want.side] += want.lots
        self._exchange.submit(order.order, want.side, want.ticks, want.lots)
        return order

    def _accept(self, tale: Tale) -> bool:
        if tale.ended or tale.open == 0:
            return False
        order = self.open[tale.order]
        # A second acceptance tells that a cancel was lost.
        self.settled &= order.stage is Stage.SENT
        order.stage = Stage.RESTING
        return True

    def _shrink(self, tale: Tale) -> None:
        """Count the lots that a fill or an end took; an order is gone when nothing of it is on its way."""
        self.settled = False
        order = self.open[tale.order]
        self._open_lots[order.side] += tale.open - order.lots
        order.lots = tale.open
        if tale.ended:
            order.stage = Stage.CANCELLING
        elif order.stage is Stage.SENT:
            order.stage = Stage.RESTING
        if order.lots == 0:
            del self.open[order.order]
            self._ended.append(order.order)
            if len(self._ended) > _REMEMBERED:
                del self._tales[self._ended.popleft()]

    def _forget(self, report: Report) -> None:
        # The exchange said no to it; asking for the same again before the next decision would only be refused
        # again.
        for want in self.wants:
            if want.side is report.side and want.ticks == report.ticks:
                self.wants.remove(want)
                return
