"""The two clocks of a recording, and what can be said about latency from them."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.tape import EXCHANGE, LATENCY, LOCAL, Rows

LEAST_LATENCY_NS = 1_000_000
"""What the smallest feed latency is set to when the clocks disagree: the resolution of the venue's time
stamps, below which they can say nothing.
"""

SAMPLE_NS = 100_000_000


def clock_shift(exch_ns: NDArray[np.int64], local_ns: NDArray[np.int64]) -> int:
    """What must be added to the recorder's clock so that no event is received before it happened, ns.

    0 when the smallest latency is positive already.  Otherwise it makes the smallest latency
    LEAST_LATENCY_NS, so absolute latency is an assumption and only its variation is measured
    (docs/decisions/0031).
    """
    least = int((local_ns - exch_ns).min())
    return LEAST_LATENCY_NS - least if least <= 0 else 0


def order_latency(events: Rows) -> Rows:
    """Order round trips, dtype LATENCY, as slow in each direction as the feed was at that moment.

    An assumption: nobody traded while the tape was recorded (docs/decisions/0031).  Rows are SAMPLE_NS apart;
    each takes the median latency of the events received in its interval.
    """
    both = events[(events["ev"] & (EXCHANGE | LOCAL)) == (EXCHANGE | LOCAL)]
    heard = both if len(both) else events
    interval = heard["local_ts"] // SAMPLE_NS
    order = np.argsort(interval, kind="stable")
    edges = np.flatnonzero(np.diff(interval[order], prepend=-1))
    delays = (heard["local_ts"] - heard["exch_ts"])[order]
    medians = [int(np.median(part)) for part in np.split(delays, edges[1:])]
    trips = np.zeros(len(edges), LATENCY)
    trips["req_ts"] = interval[order][edges] * SAMPLE_NS
    trips["exch_ts"] = trips["req_ts"] + np.maximum(medians, 1)
    trips["resp_ts"] = trips["exch_ts"] + np.maximum(medians, 1)
    return trips
