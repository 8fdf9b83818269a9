"""What holding the position earned in funding, as a yearly rate."""

from collections.abc import Sequence

import numpy as np

from alphaloop.market.journal import FUNDING_INTERVAL_NS, Journal
from alphaloop.market.metrics.finite import finite
from alphaloop.market.metrics.steps import held_s, steps

HOURS_A_YEAR = 8_760.0
INTERVALS_A_YEAR = HOURS_A_YEAR / (FUNDING_INTERVAL_NS / 3.6e12)


def funding_yield(journals: Sequence[Journal]) -> float | None:
    """= −side × mean funding rate × 8760 / hours per interval, per year, over the time with a position.

    Weighted by time over all episodes; side is that of the position, so what a short receives is positive.
    None as soon as an episode has no funding stream, and without a position while a rate is known.  Trap: a
    rate that held is not one that was paid: who is flat at the settlement pays nothing; `pnl_funding` is
    what was paid.
    """
    parts = [_earned(journal) for journal in journals]
    if not parts or None in parts:
        return None
    seconds = sum(part[1] for part in parts if part is not None)
    if seconds <= 0:
        return None
    earned = sum(part[0] for part in parts if part is not None)
    return earned / seconds * INTERVALS_A_YEAR


def _earned(journal: Journal) -> tuple[float, float] | None:
    """Σ −side × rate × Δt and Σ Δt over the time with a position; None without a funding stream."""
    funding = journal.channel("funding")
    if funding is None:
        return None
    times_ns = np.union1d(journal.marks["time_ns"], funding.times_ns)
    side = np.sign(steps(journal.marks["time_ns"], journal.marks["position_lots"], times_ns))
    rate = steps(funding.times_ns, finite(funding.values, "funding rate"), times_ns)
    lasts = held_s(times_ns, journal.start_ns, journal.end_ns)
    held = ~np.isnan(side) & (side != 0) & ~np.isnan(rate)
    earned = -side[held] * rate[held] * lasts[held]
    return float(earned.sum()), float(lasts[held].sum())
