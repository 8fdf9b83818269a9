"""How far the contract trades from its index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite
from alphaloop.market.metrics.steps import held_s, steps

Steps = tuple[NDArray[np.float64], NDArray[np.float64]]


def basis_std(journals: Sequence[Journal]) -> float | None:
    """= standard deviation of (mid − index), quote currency, over the time in which both are known.

    Weighted by the time that each value held, over all episodes.  None as soon as an episode has no index.
    Trap: a deviation in price units grows with the price; compare it within one instrument.
    """
    moments = _moments(journals)
    return None if moments is None else moments[1]


def basis_zscore(journals: Sequence[Journal]) -> float | None:
    """= abs(last basis − mean) / standard deviation of the basis, last at the end of the last episode.

    Without a sign, because the action is the same on either side.  None where `basis_std` is, and where the
    basis never moved.  Trap: mean and deviation hold the last value too; with little time before it, no
    score can be large.
    """
    moments = _moments(journals)
    if moments is None or moments[1] == 0:
        return None
    mean, deviation, last = moments
    return abs(last - mean) / deviation


def _moments(journals: Sequence[Journal]) -> tuple[float, float, float] | None:
    """Time-weighted mean and deviation, and the last value."""
    parts = [_basis(journal) for journal in journals]
    if not parts or None in parts:
        return None
    values = np.concatenate([part[0] for part in parts if part is not None])
    weights = np.concatenate([part[1] for part in parts if part is not None])
    mean = float(np.average(values, weights=weights))
    variance = float(np.average((values - mean) ** 2, weights=weights))
    # A basis that never moves must not get a deviation from the rounding of its mean.
    return mean, 0.0 if np.ptp(values) == 0 else variance**0.5, float(values[-1])


def _basis(journal: Journal) -> Steps | None:
    """The values of the basis and for how long each held, seconds; None when it was never known."""
    index = journal.channel("index")
    if index is None:
        return None
    times_ns = np.union1d(journal.mids["time_ns"], index.times_ns)
    mid = steps(journal.mids["time_ns"], finite(journal.mids["mid"], "mid"), times_ns)
    spot = steps(index.times_ns, finite(index.values, "index"), times_ns)
    lasts = held_s(times_ns, journal.start_ns, journal.end_ns)
    known = ~np.isnan(mid) & ~np.isnan(spot) & (lasts > 0)
    if not known.any():
        return None
    return mid[known] - spot[known], lasts[known]
