"""How fast we answer, in wall time: never part of a digest."""

from collections.abc import Sequence

import numpy as np

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite


def tick_to_trade(journals: Sequence[Journal], percent: float) -> float | None:
    """A percentile of (time an order was handed over − time its causing tick was received), ms, one clock.

    Over all orders of all episodes, linear between order statistics.  None without an order.  Trap: depends
    on the machine and on its load, so it can be compared only within a run.
    """
    times = np.concatenate([np.zeros(0), *(journal.tick_to_trade_ms for journal in journals)])
    return float(np.percentile(finite(times, "tick-to-trade"), percent)) if len(times) else None
