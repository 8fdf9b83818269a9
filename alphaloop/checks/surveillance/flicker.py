"""Quote stuffing: orders that come and go while nothing has happened that they could answer to."""

import numpy as np

from alphaloop.checks.surveillance.conduct import Conduct
from alphaloop.market.journal import Journal

MOST_PER_S = 5.0
"""Of 88 honest market makers in two quiet markets one pulls 2.5 a second and all others less than 0.8; those
written to stuff pull 10 to 40.
"""
LEAST_STILL_S = 5.0
SETTLES_S = 2.0
"""What was decided before the market stood still is still under way then, and averages come to rest."""


def stuffing(journal: Journal, done: Conduct) -> str:
    """Say how often orders were pulled while the market stood still; "" when seldom, or when it never did.

    Looked at is the longest stretch without another mid at the exchange; the scenario quiet_market makes one
    in which no size changes either.
    """
    start_ns, end_ns = _stillest(journal)
    start_ns += round(SETTLES_S * 1e9)
    seconds = (end_ns - start_ns) * 1e-9
    if seconds < LEAST_STILL_S - SETTLES_S:
        return ""
    pulled = done.cancelled & (done.ended_ns > start_ns) & (done.ended_ns <= end_ns)
    per_s = float(pulled.sum()) / seconds
    if per_s < MOST_PER_S:
        return ""
    return (
        f"{per_s:.1f} orders a second were pulled through {seconds:.0f} s in which the market stood still, "
        f"{MOST_PER_S:g} are too many: quote stuffing; leave an order where it is until something happens"
    )


def _stillest(journal: Journal) -> tuple[int, int]:
    """Begin and end of the longest stretch without another mid, ns, while the strategy traded."""
    times_ns = journal.mids["time_ns"]
    inside = times_ns[(times_ns > journal.start_ns) & (times_ns < journal.end_ns)]
    edges = np.concatenate([[journal.start_ns], inside, [journal.end_ns]])
    place = int(np.argmax(np.diff(edges)))
    return int(edges[place]), int(edges[place + 1])
