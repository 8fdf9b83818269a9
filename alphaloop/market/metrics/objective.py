"""The tournament's score of one episode."""

import numpy as np

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite
from alphaloop.market.metrics.pnl import pnl


def objective(journal: Journal) -> float | None:
    """= pnl − (γ/2) Σ position² σ² Δt, quote currency; None for a fault, without a mark, or without σ.

    position in base units holds from its mark until the next, Δt in seconds, σ in price units per √s of the
    episode's world, γ in 1/quote.  Additive over time, so that paired differences can be tested.  Trap: σ
    must be the same for both sides of a pair, or the comparison measures σ.
    """
    profit = pnl(journal)
    if profit is None or journal.fault:
        return None
    if journal.gamma == 0:
        return profit
    if journal.sigma is None:
        return None
    return profit - journal.gamma / 2 * journal.sigma**2 * position_squared_seconds(journal)


def position_squared_seconds(journal: Journal) -> float:
    """Σ position² Δt over the episode, base units squared times seconds."""
    position = journal.marks["position_lots"] * journal.instrument.lot
    held_s = np.diff(journal.marks["time_ns"], append=journal.end_ns) / 1e9
    if (held_s < 0).any():
        finite(np.where(held_s < 0, np.nan, held_s), "time that a position was held")
    return float(np.sum(finite(position, "position") ** 2 * held_s))
