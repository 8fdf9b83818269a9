"""Order round trips that are made slower or refused, for matching that interpolates between them.

The matching engine rejects a request when either of the two trips around its time has exch_ts 0, and the
trader is told after resp_ts − req_ts.  A report of an order that rests goes by the two trips around its
*exchange* time; where one of them was refused, it arrives with the next trip that was not.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.tape import LATENCY, Rows

LEAST_NS = 1_000_000
"""Answers take at least this long: the engine takes a rejection without delay for an acceptance."""

Times = NDArray[np.int64]


def trips_at(latency: Rows, times_ns: Times) -> Rows:
    """The trips that were under way at these times: as slow as the one that was requested last before."""
    last = np.maximum(np.searchsorted(latency["req_ts"], times_ns, side="right") - 1, 0)
    trips = np.zeros(len(times_ns), LATENCY)
    trips["req_ts"] = times_ns
    for column in ("exch_ts", "resp_ts"):
        delay = latency[column][last] - latency["req_ts"][last]
        trips[column] = np.where(latency[column][last] > 0, times_ns + delay, 0)
    return trips


def refused(latency: Rows, start_ns: int, end_ns: int, notice_ns: int, every_ns: int | None = None) -> Rows:
    """`latency` with every request of [start_ns, end_ns) refused, and the trader told `notice_ns` later.

    every_ns: how often reports of resting orders still come through in the span; None holds them all back
    until its end.
    """
    if len(latency) == 0:
        return latency
    outside = latency[(latency["req_ts"] < start_ns) | (latency["req_ts"] >= end_ns)]
    edges = _answered(trips_at(latency, np.array([start_ns - 1, end_ns], np.int64)))
    times_ns = np.array([start_ns, end_ns - 1], np.int64)
    if every_ns is not None:
        times_ns = np.concatenate([np.arange(start_ns, end_ns - 1, every_ns), times_ns[1:]])
        # A trip that is answered stands right behind each that is not, so that neither interval accepts.
        edges = np.concatenate([edges, _answered(trips_at(latency, times_ns[:-1] + every_ns // 2))])
    no = np.zeros(len(times_ns), LATENCY)
    no["req_ts"], no["resp_ts"] = times_ns, times_ns + max(notice_ns, LEAST_NS)
    return in_order([outside, edges, no])


def in_order(parts: Sequence[Rows]) -> Rows:
    """Trips in the order of their requests."""
    trips = np.concatenate(parts)
    return trips[np.argsort(trips["req_ts"], kind="stable")]


def _answered(trips: Rows) -> Rows:
    """Trips that take LEAST_NS each way where they are faster or were refused."""
    trips["exch_ts"] = np.maximum(trips["exch_ts"], trips["req_ts"] + LEAST_NS)
    trips["resp_ts"] = np.maximum(trips["resp_ts"], trips["exch_ts"] + LEAST_NS)
    return trips
