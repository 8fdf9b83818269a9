"""The orders that are open at the exchange, brought step by step to what is wanted."""

from collections import deque
from collections.abc import Callable, Sequence

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.ports import Exchange
from alphaloop.trading.pause import Pause, after_loss
from alphaloop.trading.plan import Open, Stage, plan
from alphaloop.trading.tale import Tale
from alphaloop.trading.want import Want

# Looked up once: a member of an enumeration costs as much as a call.
_ACCEPTED, _REJECTED, _FILLED, _ = Event
_SENT, _RESTING, _CANCELLING = Stage
_BUY, _SELL = Side
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
        self._open_lots = {_BUY: 0, _SELL: 0}
        self._tales: dict[int, Tale] = {}
        self._ended: deque[int] = deque()
        # Of open orders: when a cancel was last sent, and the pause after one that was lost.
        self._asked_ns: dict[int, int] = {}
        self._pauses: dict[int, Pause] = {}
        self.settled = True

    def open_lots(self, side: Side) -> int:
        """Lots that may still be filled on a side."""
        return self._open_lots[side]

    def nearest(self, side: Side) -> int | None:
        """The own price on a side that the other side would meet first, in ticks; None without orders."""
        nearest = None
        for order in self.open.values():
            if order.side is side and (nearest is None or order.ticks * side > nearest * side):
                nearest = order.ticks
        return nearest

    def want(self, wants: Sequence[Want]) -> None:
        """Replace what is wanted; what was settled stays so when the same is wanted again."""
        if wants != self.wants:
            self.wants = list(wants)
            self.settled = False

    def hear(self, report: Report) -> bool:
        """Take in what the exchange reports of one order; False when it was known before.

        Raises Broken for an order that was never sent or ended long ago, and for what contradicts itself.
        """
        number, event, side, _, lots, _, _, left = report
        tale = self._tales.get(number)
        if tale is None or side is not tale.side:
            raise Broken(
                f"the exchange reported order {number} as {event} of a {side.word}, and "
                "such an order is not open here"
            )
        if event is _ACCEPTED:
            return self._accept(tale)
        news = tale.fill(lots, left) if event is _FILLED else tale.end(lots)
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
            if not self._pausing(number):
                sent("cancel", self._cancel(number))
        for want in submissions:
            if passes(want):
                sent("submit", self._submit(want))
            else:
                self.settled = False

    def _pausing(self, number: int) -> bool:
        """Whether it is too early to cancel an order again whose last cancel was lost."""
        pause = self._pauses.get(number)
        return pause is not None and self._exchange.now_ns < pause.until_ns

    def _cancel(self, number: int) -> Open:
        order = self.open[number]
        order.stage = _CANCELLING
        self._asked_ns[number] = self._exchange.now_ns
        self._exchange.cancel(number)
        return order

    def _submit(self, want: Want) -> Open:
        side, ticks, lots = want
        self.submitted = number = self.submitted + 1
        self.open[number] = order = Open(number, side, ticks, lots)
        self._tales[number] = Tale(number, side, lots)
        self._open_lots[side] += lots
        self._exchange.submit(number, side, ticks, lots)
        return order

    def _accept(self, tale: Tale) -> bool:
        if tale.ended or tale.open == 0:
            return False
        number = tale.order
        order = self.open[number]
        if order.stage is not _SENT:
            self.settled = False
        if order.stage is _CANCELLING:
            # A second acceptance tells that the cancel was lost.
            lost_ns, now_ns = self._asked_ns[number], self._exchange.now_ns
            self._pauses[number] = after_loss(now_ns, lost_ns, self._pauses.get(number))
        order.stage = _RESTING
        return True

    def _shrink(self, tale: Tale) -> None:
        """Count the lots that a fill or an end took; an order is gone when nothing of it is on its way."""
        self.settled = False
        number, lots = tale.order, tale.open
        order = self.open[number]
        self._open_lots[order.side] += lots - order.lots
        order.lots = lots
        if tale.ended:
            order.stage = _CANCELLING
        elif order.stage is _SENT:
            order.stage = _RESTING
        if lots == 0:
            del self.open[number]
            self._asked_ns.pop(number, None)
            self._pauses.pop(number, None)
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
