"""What the market did after our fills: the price of having been chosen."""

import os
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite

BLOCK = 16_384
"""Fills that are marked together: the mids around them lie in the cache, where searching is fast."""
SHARED_FROM = 100_000
"""Fills from which on cores share the work; for fewer, starting threads takes longer than marking."""


def markout(journals: tuple[Journal, ...], horizon_s: float) -> float | None:
    """= side × (mid after `horizon_s` − fill price) / fill price × 10⁴, bps, size-weighted over all fills.

    The mid is the exchange's, as of match time + horizon: the last one at or before it.  A fill whose horizon
    lies beyond the end of its episode has no markout; with none left the value is None.  Negative is adverse
    selection. Trap: a mid from after the horizon, or one frozen at the end of the tape, flatters late fills.
    """
    parts = [part for journal in journals for part in _parts(journal, round(horizon_s * 1e9))]
    weight = sum(size for _, size in parts)
    return sum(value for value, _ in parts) / weight if weight > 0 else None


def as_of(
    mids: NDArray[np.void], times_ns: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The last mid at or before each time, shape of those that have one, and which have one, shape (n,)."""
    if len(times_ns) == 0:
        return np.zeros(0), np.zeros(0, bool)
    # Between the earliest and the latest time lie few of the mids, if the times are near one another.
    known_ns = mids["time_ns"]
    first = max(0, bisect_right(known_ns, int(times_ns.min())) - 1)
    near = mids[first : bisect_right(known_ns, int(times_ns.max()))]
    place = near["time_ns"].searchsorted(times_ns, side="right") - 1
    seen: NDArray[np.bool_] = place >= 0
    return near["mid"][place if seen.all() else place[seen]], seen


def _parts(journal: Journal, horizon_ns: int) -> list[tuple[float, float]]:
    """For each block of fills the sum of size × markout and of size, lots; the same however many cores."""
    fills = journal.fills
    blocks = [fills[first : first + BLOCK] for first in range(0, len(fills), BLOCK)]
    weighted = partial(_weighted, journal, horizon_ns)
    if len(fills) < SHARED_FROM:
        return [weighted(block) for block in blocks]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as cores:
        return list(cores.map(weighted, blocks))


def _weighted(journal: Journal, horizon_ns: int, fills: NDArray[np.void]) -> tuple[float, float]:
    until_ns = fills["matched_ns"] + horizon_ns
    known = until_ns <= journal.end_ns
    if not known.all():
        fills, until_ns = fills[known], until_ns[known]
    mid, seen = as_of(journal.mids, until_ns)
    if not seen.all():
        fills = fills[seen]
    price, lots = fills["ticks"] * journal.instrument.tick, fills["lots"]
    value = fills["side"] * (finite(mid, "mid") - price) / price * 1e4
    return float(np.sum(value * lots)), float(np.sum(lots))
