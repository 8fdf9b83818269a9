"""Orders and cancels take half a second each way for a while."""

from dataclasses import replace

import numpy as np

from alphaloop.market.scenarios.scenario import Scenario, span
from alphaloop.market.tape import LATENCY, Rows, Tape

SECONDS = 10.0
SLOWER_NS = 500_000_000


def slow_orders(tape: Tape) -> Tape:
    """`tape` with order latency half a second longer each way for ten seconds.

    Trips are added just outside and at the ends of the span, so that matching, which interpolates between
    trips, changes nothing outside it.  A rejected trip (exch_ts 0) stays rejected.
    """
    if len(tape.latency) == 0:
        return tape
    start_ns, end_ns = span(tape, SECONDS)
    added = _trips_at(tape.latency, np.array([start_ns - 1, start_ns, end_ns - 1, end_ns], np.int64))
    trips = np.concatenate([tape.latency, added])
    trips = trips[np.argsort(trips["req_ts"], kind="stable")]
    slow = (trips["req_ts"] >= start_ns) & (trips["req_ts"] < end_ns)
    trips["exch_ts"][slow & (trips["exch_ts"] > 0)] += SLOWER_NS
    trips["resp_ts"][slow] += 2 * SLOWER_NS
    return replace(tape, latency=trips)


def _trips_at(latency: Rows, times_ns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Rows:
    """The trips that were under way at these times: as slow as the one that was requested last before."""
    last = np.maximum(np.searchsorted(latency["req_ts"], times_ns, side="right") - 1, 0)
    trips = np.zeros(len(times_ns), LATENCY)
    trips["req_ts"] = times_ns
    for column in ("exch_ts", "resp_ts"):
        delay = latency[column][last] - latency["req_ts"][last]
        trips[column] = np.where(latency[column][last] > 0, times_ns + delay, 0)
    return trips


SCENARIO = Scenario(
    "latency_spike",
    "Whether quotes that cannot be moved for a second do harm beyond the limits.",
    "markout_1s",
    slow_orders,
)
