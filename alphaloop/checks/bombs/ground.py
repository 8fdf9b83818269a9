"""Where a drill takes place: usual prices, sizes and volatility of the market that changes are judged on."""

from dataclasses import dataclass

import numpy as np

from alphaloop.facts.market import Limits, Market
from alphaloop.market.tape import Tape
from alphaloop.simulation.timeline import WARM_UP_S, timeline


@dataclass(frozen=True, slots=True)
class Ground:
    """The market, its limits, and what is usual there.

    bid and spread in ticks; lots: at the touch; volatility in price units per √s.
    """

    market: Market
    limits: Limits
    bid: int
    spread: int
    lots: int
    volatility: float

    @property
    def price(self) -> float:
        """The usual mid, quote currency."""
        return (self.bid + self.spread / 2) * self.market.instrument.tick

    @property
    def max_lots(self) -> int:
        """MAX_POSITION in whole lots."""
        return self.lots_of(self.limits.max_position)

    def lots_of(self, size: float) -> int:
        """A size in whole lots, rounded down as the risk engine does."""
        return int(size / self.market.instrument.lot + 1e-6)


def ground(tape: Tape, market: Market, limits: Limits) -> Ground:
    """What is usual on a tape: medians of its touch and of its volatility."""
    made = timeline(tape)
    seen = made.local.states[(made.local.states[:, 0] > 0) & (made.local.states[:, 2] > 0)]
    told = np.array(made.volatility[WARM_UP_S:] or made.volatility)
    return Ground(
        market=market,
        limits=limits,
        bid=int(np.median(seen[:, 0])),
        spread=max(1, int(np.median(seen[:, 2] - seen[:, 0]))),
        lots=max(1, int(np.median(seen[:, 1::2]))),
        volatility=float(np.median(told)),
    )
