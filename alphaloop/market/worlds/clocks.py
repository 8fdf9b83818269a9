"""The two clocks of a world: when the trader hears of an event, and how long an order is under way."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from alphaloop.market.tape import LATENCY, Rows

SPREAD_OF_LOG = 0.3
"""Standard deviation of the logarithm of a delay: a 99th percentile of twice the median."""

INTERVAL_S = 0.5
"""Time between drawn round trips; matching interpolates between them."""


def received(generator: Generator, exch_ns: NDArray[np.int64], median_ms: float) -> NDArray[np.int64]:
    """Receive times in ns of a feed that never overtakes itself, shape of `exch_ns`.

    Events of one instant travel in one message and arrive together.
    """
    first = np.concatenate([[True], np.diff(exch_ns) > 0])
    delays = _delays_ns(generator, int(first.sum()), median_ms)
    arrivals = exch_ns + delays[np.cumsum(first) - 1]
    ordered: NDArray[np.int64] = np.maximum.accumulate(arrivals)
    return ordered


def order_latency(generator: Generator, start_ns: int, episode_s: float, median_ms: float) -> Rows:
    """Order round trips over the whole episode, dtype LATENCY."""
    count = int(episode_s / INTERVAL_S) + 2
    there, back = _delays_ns(generator, count, median_ms), _delays_ns(generator, count, median_ms)
    trips = np.zeros(count, LATENCY)
    trips["req_ts"] = start_ns + np.arange(count) * round(INTERVAL_S * 1e9)
    trips["exch_ts"] = trips["req_ts"] + there
    trips["resp_ts"] = trips["exch_ts"] + back
    return trips


def _delays_ns(generator: Generator, count: int, median_ms: float) -> NDArray[np.int64]:
    delays = median_ms * 1e6 * np.exp(SPREAD_OF_LOG * generator.standard_normal(count))
    return np.rint(delays).astype(np.int64)
