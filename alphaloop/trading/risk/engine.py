"""The engine: every quote passes the rules of its answer, every order those of its moment."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from alphaloop.contract import Quote
from alphaloop.facts.market import Instrument, Limits
from alphaloop.facts.order import Cause, Refusal, towards
from alphaloop.trading.risk import batch, circumstance, price
from alphaloop.trading.risk.form import form
from alphaloop.trading.risk.spread import spread
from alphaloop.trading.risk.standing import MAX_AGE_NS, Bounds, Breach, Standing, bounds
from alphaloop.trading.want import Want, wanted

_SECOND_NS: Final = 1_000_000_000


class RiskEngine:
    """Refuses and remembers what it refused; `stopped` is the emergency stop."""

    def __init__(self, limits: Limits, instrument: Instrument, max_age_ns: int = MAX_AGE_NS) -> None:
        self.bounds: Final[Bounds] = bounds(limits, instrument, max_age_ns)
        self.refusals: list[Refusal] = []
        self.stopped = False
        self._sent_ns: deque[int] = deque()

    def admit(self, quotes: Sequence[Quote], standing: Standing) -> list[Want]:
        """The quotes of one answer that may rest, rounded; each of the others is refused with one rule."""
        kept: list[Quote] = []
        wants: list[Want] = []
        moment, mid, tick, lot = self._moment(standing), standing.mid, self.bounds.tick, self.bounds.lot
        for quote in quotes:
            breach = form(quote) or moment
            # The second half is for the reader of types: without a mid, the moment is wrong for every quote.
            if breach is not None or mid is None:
                self._refuse(breach, standing.time_ns)
                continue
            want = wanted(quote, tick, lot)
            breach = self._alone(want, mid) or self._together(quote, want, kept, wants, standing)
            if breach is not None:
                self._refuse(breach, standing.time_ns)
            elif want.lots > 0:
                kept.append(quote)
                wants.append(want)
        breach = spread(kept, mid, self.bounds) if mid is not None else None
        if breach is None:
            return wants
        # Neither quote is wrong without the other, so the whole answer is.
        for _ in kept:
            self._refuse(breach, standing.time_ns)
        return []

    def passes(self, want: Want, standing: Standing, open_lots: int, opposite_ticks: int | None) -> bool:
        """Whether one order may be sent now.

        open_lots: lots that are open on its side, those being cancelled too; opposite_ticks: the nearest own
        price on the other side.
        """
        breach = self._moment(standing)
        if breach is None and standing.mid is not None:
            breach = self._late(want, standing.mid) or self._open(
                want, standing, standing.mid, open_lots, opposite_ticks
            )
        if breach is None:
            return True
        self._refuse(breach, standing.time_ns)
        return False

    def sent(self, time_ns: int) -> None:
        """Count a message that went to the exchange."""
        self._sent_ns.append(time_ns)

    def note(self, breach: Breach, time_ns: int) -> None:
        """Record a refusal that another part of the desk had to make."""
        self._refuse(breach, time_ns)

    def _moment(self, standing: Standing) -> Breach | None:
        return (
            circumstance.emergency_stop(self.stopped)
            or circumstance.drawdown(standing, self.bounds)
            or circumstance.no_mid(standing, self.bounds)
            or circumstance.stale_data(standing, self.bounds)
        )

    def _late(self, want: Want, mid: float) -> Breach | None:
        """The rules of one quote, asked of the order that goes; the market may have moved since."""
        breach = price.some_size(want, self.bounds) or self._alone(want, mid)
        return None if breach is None else replace(breach, cause=Cause.CIRCUMSTANCE)

    def _open(
        self, want: Want, standing: Standing, mid: float, open_lots: int, opposite_ticks: int | None
    ) -> Breach | None:
        exposed = standing.position_lots + towards(want.side, open_lots + want.lots)
        return (
            circumstance.open_position(want, exposed, self.bounds)
            or circumstance.open_cross(want, opposite_ticks)
            or circumstance.leverage(want.side, exposed, standing, mid, self.bounds)
            or circumstance.message_rate(self._last_second(standing.time_ns), self.bounds)
        )

    def _alone(self, want: Want, mid: float) -> Breach | None:
        return (
            price.collar(want, mid, self.bounds)
            or price.some_price(want, self.bounds)
            or price.order_size(want, self.bounds)
            or price.order_value(want, self.bounds)
        )

    def _together(
        self, quote: Quote, want: Want, quotes: Sequence[Quote], wants: Sequence[Want], standing: Standing
    ) -> Breach | None:
        return (
            batch.quotes_per_side(want, wants, self.bounds)
            or batch.duplicate(quote, quotes)
            or batch.self_cross(quote, quotes)
            or batch.position(want, wants, standing.position_lots, self.bounds)
        )

    def _last_second(self, time_ns: int) -> int:
        sent = self._sent_ns
        while sent and sent[0] <= time_ns - _SECOND_NS:
            sent.popleft()
        return len(sent)

    def _refuse(self, breach: Breach | None, time_ns: int) -> None:
        if breach is not None:
            self.refusals.append(Refusal(breach.rule, breach.cause, breach.value, breach.limit, time_ns))
