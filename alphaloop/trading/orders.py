"""The orders that are open at the exchange, brought step by step to what is wanted."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.ports import Exchange
from alphaloop.trading.pause import after_loss
from alphaloop.trading.plan import Open, Stage, plan
from alphaloop.trading.tale import Tale
from alphaloop.trading.want import Want

# Looked up once: a member of an enumeration costs as much as a call.
_ACCEPTED: Final = Event.ACCEPTED
_REJECTED: Final = Event.REJECTED
_FILLED: Final = Event.FILLED
_SENT: Final = Stage.SENT
_RESTING: Final = Stage.RESTING
_CANCELLING: Final = Stage.CANCELLING
_BUY: Final = Side.BUY
# So many ended orders are known when they are told of again; whatever is told of older ones is a fault.
_REMEMBERED: Final = 4_096


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
        self._open_buys = self._open_sells = 0
        self._tales: dict[int, Tale] = {}
        self._ended: deque[int] = deque()
        self.settled = True

    def open_lots(self, side: Side) -> int:
        """Lots that may still be filled on a side."""
        return self._open_buys if side is _BUY else self._open_sells

    def nearest(self, side: Side) -> int | None:
        """The own price on a side that the other side would meet first, in ticks; None without orders."""
        ticks = [order.ticks for order in self.open.values() if order.side is side]
        if not ticks:
            return None
        return max(ticks) if side is _BUY else min(ticks)

    def want(self, wants: Sequence[Want]) -> None:
        """Replace what is wanted; what was settled stays so when the same is wanted again."""
        if wants != self.wants:
            self.wants = list(wants)
            self.settled = False

    def hear(self, report: Report) -> bool:
        """Take in what the exchange reports of one order; False when it was known before.

        Raises Broken for an order that was never sent or ended long ago, and for what contradicts itself.
        """
        event = report.event
        tale = self._tales.get(report.order)
        if tale is None or report.side is not tale.side:
            raise Broken(
                f"the exchange reported order {report.order} as {event} of a {report.side.word}, and "
                "such an order is not open here"
            )
        if event is _ACCEPTED:
            return self._accept(tale)
        news = tale.fill(report.lots, report.left) if event is _FILLED else tale.end(report.lots)
        if news:
            self._shrink(tale)
            if event is _REJECTED:
                self._forget(report)
        return news

    def work(self, passes: Callable[[Want], bool], sent: Callable[[str, Open], None]) -> None:
        """Send what the plan says; `passes` is asked for each order, `sent` is told of each message."""
        if self.settled:
            return
        cancels, submissions, self.settled = plan(self.wants, self.open.values())
        for number in cancels:
            order = self.open[number]
            if not self._pausing(order):
                self._cancel(order)
                sent("cancel", order)
        for want in submissions:
            if passes(want):
                sent("submit", self._submit(want))
            else:
                self.settled = False

    def _pausing(self, order: Open) -> bool:
        """Whether it is too early to cancel an order again whose last cancel was lost."""
        return order.pause is not None and self._exchange.now_ns < order.pause.until_ns

    def _cancel(self, order: Open) -> None:
        order.stage = _CANCELLING
        order.asked_ns = self._exchange.now_ns
        self._exchange.cancel(order.order)

    def _submit(self, want: Want) -> Open:
        side, ticks, lots = want.side, want.ticks, want.lots
        self.submitted = number = self.submitted + 1
        self.open[number] = order = Open(number, side, ticks, lots)
        self._tales[number] = Tale(number, side, lots)
        self._count(side, lots)
        self._exchange.submit(number, side, ticks, lots)
        return order

    def _count(self, side: Side, lots: int) -> None:
        """Lots that are open on a side from now on, or with a minus no more."""
        if side is _BUY:
            self._open_buys += lots
        else:
            self._open_sells += lots

    def _accept(self, tale: Tale) -> bool:
        if tale.ended or tale.open == 0:
            return False
        order = self.open[tale.order]
        if order.stage is not _SENT:
            self.settled = False
        if order.stage is _CANCELLING:
            # A second acceptance tells that the cancel was lost.
            order.pause = after_loss(self._exchange.now_ns, order.asked_ns, order.pause)
        order.stage = _RESTING
        return True

    def _shrink(self, tale: Tale) -> None:
        """Count the lots that a fill or an end took; an order is gone when nothing of it is on its way."""
        self.settled = False
        number, lots = tale.order, tale.open
        order = self.open[number]
        self._count(order.side, lots - order.lots)
        order.lots = lots
        if tale.ended:
            order.stage = _CANCELLING
        elif order.stage is _SENT:
            order.stage = _RESTING
        if lots == 0:
            del self.open[number]
            self._ended.append(number)
            if len(self._ended) > _REMEMBERED:
                del self._tales[self._ended.popleft()]

    def _forget(self, report: Report) -> None:
        # The exchange said no to it; asking for the same again before the next decision would only be refused
        # again.
        for want in self.wants:
            if want.side is report.side and want.ticks == report.ticks:
                self.wants.remove(want)
                return
