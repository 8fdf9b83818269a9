"""Which own orders rested at the exchange, and when."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alphaloop.doors.pictures.thinning import Numbers, Times
from alphaloop.market.journal import CANCEL, REJECT, SUBMIT, Journal
from alphaloop.market.tape import Tape


@dataclass(frozen=True, slots=True)
class Resting:
    """One order while it rested at the exchange: until its cancel, its last fill, or the end of the run."""

    side: int
    ticks: int
    begin_ns: int
    end_ns: int


def resting(journal: Journal, tape: Tape) -> list[Resting]:
    """Every order that was not refused, from when it came to the exchange."""
    orders = journal.orders
    refused = orders["order"][orders["verb"] == REJECT]
    sent = orders[(orders["verb"] == SUBMIT) & ~np.isin(orders["order"], refused)]
    begins, ends = _arrives_ns(tape, sent["time_ns"]).tolist(), _ends(journal, tape)
    return [
        Resting(side, ticks, begin, ends.get(order, journal.end_ns))
        for (order, side, ticks), begin in zip(sent[["order", "side", "ticks"]].tolist(), begins, strict=True)
    ]


def best(orders: list[Resting], side: int) -> tuple[Times, Numbers]:
    """The best own price of a side in ticks from each time on, NaN without an order."""
    open_ticks: list[int] = []
    times, ticks = list[int](), list[float]()
    for time_ns, opens, price in sorted(_changes(orders, side)):
        if opens:
            open_ticks.append(price)
        else:
            open_ticks.remove(price)
        now = float(side * max(side * one for one in open_ticks)) if open_ticks else np.nan
        if times and times[-1] == time_ns:
            ticks[-1] = now
        else:
            times.append(time_ns)
            ticks.append(now)
    return np.array(times, np.int64), np.array(ticks, np.float64)


def _changes(orders: list[Resting], side: int) -> Iterator[tuple[int, bool, int]]:
    """(time, whether an order comes, ticks); of one instant those that go come first."""
    for order in orders:
        if order.side == side and order.begin_ns < order.end_ns:
            yield order.begin_ns, True, order.ticks
            yield order.end_ns, False, order.ticks


def _ends(journal: Journal, tape: Tape) -> dict[int, int]:
    """When each order ended at the exchange: its last cancel, as one that was lost is sent again, or fill."""
    cancels = journal.orders[journal.orders["verb"] == CANCEL]
    came_ns = _arrives_ns(tape, cancels["time_ns"]).tolist()
    ends = dict(zip(cancels["order"].tolist(), came_ns, strict=True))
    sent = journal.orders[journal.orders["verb"] == SUBMIT]
    left = dict(sent[["order", "lots"]].tolist())
    for order, matched_ns, lots in journal.fills[["order", "matched_ns", "lots"]].tolist():
        left[order] = left.get(order, 0) - lots
        if left[order] <= 0:
            ends[order] = matched_ns
    return ends


def _arrives_ns(tape: Tape, times_ns: Times) -> Times:
    """When messages of these times come to the exchange: at once in a game, else as the tape's trips say."""
    trips = tape.latency[tape.latency["exch_ts"] > 0]
    if tape.lottery is not None or len(trips) == 0:
        return times_ns
    ways_ns = np.interp(
        times_ns - tape.start_ns, trips["req_ts"] - tape.start_ns, trips["exch_ts"] - trips["req_ts"]
    )
    arrives: Times = times_ns + ways_ns.astype(np.int64)
    return arrives
