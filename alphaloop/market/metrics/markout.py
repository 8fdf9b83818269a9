"""What the market did after our fills: the price of having been chosen."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite


def markout(journals: tuple[Journal, ...], horizon_s: float) -> float | None:
    """= side × (mid after `horizon_s` − fill price) / fill price × 10⁴, bps, size-weighted over all fills.

    The mid is the exchange's, as of match time + horizon: the last one at or before it.  A fill whose horizon
    lies beyond the end of its episode has no markout; with none left the value is None.  Negative is adverse
    selection. Trap: a mid from after the horizon, or one frozen at the end of the tape, flatters late fills.
    """
    parts = [_weighted(journal, round(horizon_s * 1e9)) for journal in journals]
    weight = sum(size for _, size in parts)
    return sum(value for value, _ in parts) / weight if weight > 0 else None


def _weighted(journal: Journal, horizon_ns: int) -> tuple[float, float]:
    """The sum of size × markout and of size over the fills of one episode, lots."""
    until = journal.fills["matched_ns"] + horizon_ns
    known = journal.fills[until <= journal.end_ns]
    mid, seen = as_of(journal.mids, known["matched_ns"] + horizon_ns)
    known = known[seen]
    price = known["ticks"] * journal.instrument.tick
    value = known["side"] * (finite(mid, "mid") - price) / price * 1e4
    return float(np.sum(value * known["lots"])), float(np.sum(known["lots"]))


def as_of(
    mids: NDArray[np.void], times_ns: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The last mid at or before each time, shape of those that have one, and which have one, shape (n,)."""
    place = np.searchsorted(mids["time_ns"], times_ns, side="right") - 1
    seen: NDArray[np.bool_] = place >= 0
    return mids["mid"][place[seen]], seen
