"""Fills by chance behind the Exchange port: the published Avellaneda–Stoikov game.

Within a step the mid stands still.  Quotes are set at its start without latency, the fills are drawn, and
then the mid moves; so fills are matched a nanosecond before the step ends and received together with the new
mid.
"""

import math
from collections.abc import Sequence

from alphaloop.errors import BadTape, Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.market.tape import Lottery
from alphaloop.simulation.timeline import Timeline
from alphaloop.trading.plan import Open


class LotteryExchange:
    """Whole fills with the probability that the tape's lottery gives to a quote's distance from the mid.

    One taker a side comes in a step at most, and takes the best quote there, so a ladder of quotes is no more
    than its first rung.  Nothing is rejected: in the game a quote may stand beyond the mid, and is then
    filled for certain.
    """

    def __init__(self, made: Timeline) -> None:
        if made.tape.lottery is None:
            raise Broken(f"tape {made.tape.name} has no lottery; it wants matching")
        self.now_ns = made.start_ns
        self._lottery: Lottery = made.tape.lottery
        self._made = made
        self._start_ns, self._end_ns = made.tape.start_ns, made.end_ns
        self._draws = self._lottery.draws.tolist()
        self._step = (self.now_ns - self._start_ns) // self._lottery.step_ns
        self._open: dict[int, Open] = {}
        self._reports: list[Report] = []

    def advance(self, until_ns: int) -> bool:
        """As the port says."""
        until_ns = min(until_ns, self._end_ns)
        while not self._reports and self.now_ns < until_ns:
            boundary_ns = self._start_ns + (self._step + 1) * self._lottery.step_ns
            self.now_ns = min(boundary_ns, until_ns)
            if self.now_ns == boundary_ns:
                self._draw()
                self._step += 1
        return self.now_ns < self._end_ns

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        """As the port says; accepted at once."""
        self._open[order] = Open(order, side, ticks, lots)
        self._report(order, Event.ACCEPTED, self.now_ns)

    def cancel(self, order: int) -> None:
        """As the port says; acknowledged at once."""
        if order in self._open:
            self._report(order, Event.CANCELED, self.now_ns)
            del self._open[order]

    def reports(self) -> Sequence[Report]:
        """As the port says."""
        received, self._reports = self._reports, []
        return received

    def close(self) -> None:
        """As the port says."""
        self._open.clear()

    def _draw(self) -> None:
        if not self._open or self._step >= len(self._draws):
            return
        doubled = self._doubled_mid()
        for order in self._nearest():
            if self._draws[self._step][order.side is Side.SELL] < self._chance(order, doubled / 2):
                if self._lottery.at_mid:
                    order.ticks = self._whole(doubled)
                self._report(order.order, Event.FILLED, self.now_ns - 1)
                del self._open[order.order]

    def _nearest(self) -> list[Open]:
        """The best order of each side, the older of two at one price: all that one step can reach."""
        best: dict[Side, Open] = {}
        for order in self._open.values():
            other = best.get(order.side)
            if other is None or order.side * order.ticks > order.side * other.ticks:
                best[order.side] = order
        return list(best.values())

    def _chance(self, order: Open, mid_ticks: float) -> float:
        distance = order.side * (mid_ticks - order.ticks) * self._made.tape.instrument.tick
        # Beyond this the probability is 1 anyway, and exp would overflow.
        exponent = min(-self._lottery.decay * distance, 700.0)
        return min(1.0, self._lottery.intensity * math.exp(exponent))

    def _doubled_mid(self) -> int:
        """Bid plus ask of the step that ends, in ticks."""
        mid = self._made.mid_at(self.now_ns - 1)
        if mid is None:
            raise BadTape(f"tape {self._made.tape.name}: step {self._step} of its lottery has no mid")
        return round(2 * mid / self._made.tape.instrument.tick)

    def _whole(self, doubled: int) -> int:
        """The mid in ticks; a rounded one would be an edge in a world that promises none."""
        if doubled % 2:
            raise BadTape(
                f"tape {self._made.tape.name}: fills are booked at the mid, and the mid of step {self._step} "
                "lies between two ticks; let bid and ask stand an even number of ticks apart"
            )
        return doubled // 2

    def _report(self, order: int, event: Event, matched_ns: int) -> None:
        known = self._open[order]
        self._reports.append(
            Report(order, event, known.side, known.ticks, known.lots, matched_ns, self.now_ns)
        )
