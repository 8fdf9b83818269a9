"""Quote stuffing: orders that come and go while nothing has happened that they could answer to."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alphaloop.checks.surveillance.conduct import Conduct
from alphaloop.market.journal import Journal

MOST_PER_S = 5.0
"""Of 88 honest market makers in two quiet markets one pulls 2.5 a second and all others less than 0.8; those
written to stuff pull 10 to 40.
"""
LEAST_STILL_S = 5.0
SETTLES_S = 2.0
"""What was decided before the market stood still is still under way then, and averages come to rest."""

Stretch = tuple[int, int]
"""Begin and end, ns."""


def stuffing(journal: Journal, done: Conduct) -> str:
    """Say how often orders were pulled while the market stood still; "" when seldom, or when it never did.

    Looked at is the longest stretch without another mid at the exchange; the scenario quiet_market makes one
    in which no size changes either.
    """
    longest = max(_stretches(journal), key=lambda stretch: stretch[1] - stretch[0])
    return _told(longest, done)


def stuffing_in_a_drill(journal: Journal, done: Conduct) -> str:
    """The same of every stretch of a drill without another mid: in each of them nothing changes at all."""
    return next(filter(None, (_told(stretch, done) for stretch in _stretches(journal))), "")


def _told(stretch: Stretch, done: Conduct) -> str:
    start_ns, end_ns = stretch[0] + round(SETTLES_S * 1e9), stretch[1]
    seconds = (end_ns - start_ns) * 1e-9
    if seconds < LEAST_STILL_S - SETTLES_S:
        return ""
    during = (done.ended_ns > start_ns) & (done.ended_ns <= end_ns)
    pulled = done.cancelled & during & ~_outgrown(done, start_ns)
    per_s = float(pulled.sum()) / seconds
    if per_s < MOST_PER_S:
        return ""
    return (
        f"{per_s:.1f} orders a second were pulled through {seconds:.0f} s in which the market stood still, "
        f"{MOST_PER_S:g} are too many: quote stuffing; leave an order where it is until something happens"
    )


def _outgrown(done: Conduct, start_ns: int) -> NDArray[np.bool_]:
    """Orders after which a larger one came at the same price than any there since an instant.

    Whoever works off a position against the clock asks for more and more, and more is another order.
    """
    outgrown = np.zeros(len(done.lots), np.bool_)
    last: dict[tuple[int, int], tuple[int, int]] = {}
    prices = zip(done.side.tolist(), done.ticks.tolist(), strict=True)
    for place, (price, lots) in enumerate(zip(prices, done.lots.tolist(), strict=True)):
        if done.ended_ns[place] <= start_ns:
            continue
        before, most = last.get(price, (place, lots))
        outgrown[before] |= lots > most
        last[price] = (place, max(lots, most))
    return outgrown


def _stretches(journal: Journal) -> Iterator[Stretch]:
    """Begin and end of every stretch without another mid, while the strategy traded."""
    times_ns = journal.mids["time_ns"]
    inside = times_ns[(times_ns > journal.start_ns) & (times_ns < journal.end_ns)]
    edges = np.concatenate([[journal.start_ns], inside, [journal.end_ns]]).tolist()
    return pairwise(edges)
