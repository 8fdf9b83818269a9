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


def heard(events: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Time of receipt and feed latency of the rows that both clocks saw, ns; of all rows when none was."""
    both = (events["ev"] & (EXCHANGE | LOCAL)) == (EXCHANGE | LOCAL)
    seen = both if both.any() else ~both
    received = events["local_ts"][seen]
    return received, received - events["exch_ts"][seen]


def order_latency(events: Rows) -> Rows:
    """Order round trips, dtype LATENCY, as slow in each direction as the feed was at that moment.

    An assumption: nobody traded while the tape was recorded (docs/decisions/0031).  Rows are SAMPLE_NS apart;
    each takes the median latency of the events received in its interval.
    """
    received, delays = heard(events)
    interval = received // SAMPLE_NS
    order = np.lexsort((delays, interval))
    begins = np.flatnonzero(np.diff(interval[order], prepend=-1))
    ends = np.append(begins[1:], len(order))
    # The median: the middle delay, or half way between the two in the middle.
    low, high = delays[order[(begins + ends - 1) // 2]], delays[order[(begins + ends) // 2]]
    medians = low + (high - low) // 2
    trips = np.zeros(len(begins), LATENCY)
    trips["req_ts"] = interval[order[begins]] * SAMPLE_NS
    trips["exch_ts"] = trips["req_ts"] + np.maximum(medians, 1)
    trips["resp_ts"] = trips["exch_ts"] + np.maximum(medians, 1)
    return trips
