"""An exchange that fills what leads to the position of a script, and nothing else."""

from collections.abc import Sequence

from alphaloop.checks.bombs.stage import START_NS, Beat
from alphaloop.facts.order import Event, Report, Side
from alphaloop.simulation.timeline import SECOND_NS
from alphaloop.trading.plan import Open


class PuppetExchange:
    """Behind the Exchange port, without latency: orders that would cross are rejected, as post-only ones are.

    Whenever time passes, the best order that leads to the beat's target is filled, by at most its piece; so
    what a strategy hears of its fills and of its position is always one story.
    """

    def __init__(self, beats: Sequence[Beat], start_ns: int) -> None:
        self.now_ns = start_ns
        self._beats = beats
        self._end_ns = START_NS + SECOND_NS * len(beats)
        self._position_lots = 0
        self._open: dict[int, Open] = {}
        self._reports: list[Report] = []

    def advance(self, until_ns: int) -> bool:
        """As the port says."""
        until_ns = min(until_ns, self._end_ns)
        if not self._reports and self.now_ns < until_ns:
            self.now_ns = until_ns
            self._fill()
        return self.now_ns < self._end_ns

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        """As the port says; answered at once."""
        beat = self._beat()
        crosses = ticks >= beat.ask if side is Side.BUY else ticks <= beat.bid
        self._open[order] = Open(order, side, ticks, lots)
        self._report(order, Event.REJECTED if crosses else Event.ACCEPTED, lots)
        if crosses:
            del self._open[order]

    def cancel(self, order: int) -> None:
        """As the port says; acknowledged at once."""
        if order in self._open:
            self._report(order, Event.CANCELED, self._open[order].lots)
            del self._open[order]

    def reports(self) -> Sequence[Report]:
        """As the port says."""
        received, self._reports = self._reports, []
        return received

    def close(self) -> None:
        """As the port says."""
        self._open.clear()

    def _fill(self) -> None:
        beat = self._beat()
        missing = beat.target_lots - self._position_lots
        side = Side.BUY if missing > 0 else Side.SELL
        ready = [order for order in self._open.values() if order.side is side]
        if missing == 0 or beat.piece_lots == 0 or not ready:
            return
        best = max(ready, key=lambda order: (side * order.ticks, -order.order))
        lots = min(best.lots, abs(missing), beat.piece_lots)
        best.lots -= lots
        self._position_lots += side * lots
        self._report(best.order, Event.FILLED, lots, best.lots)
        if best.lots == 0:
            del self._open[best.order]

    def _beat(self) -> Beat:
        return self._beats[min((self.now_ns - START_NS) // SECOND_NS, len(self._beats) - 1)]

    def _report(self, order: int, event: Event, lots: int, left: int | None = None) -> None:
        known = self._open[order]
        self._reports.append(
            Report(order, event, known.side, known.ticks, lots, self.now_ns, self.now_ns, left)
        )
