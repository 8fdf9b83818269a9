"""Orders and cancels take longer each way for a while."""

from dataclasses import replace

import numpy as np

from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.trips import in_order, trips_at
from alphaloop.market.tape import Tape


def slow_orders(tape: Tape, values: Values) -> Tape:
    """`tape` with order latency `delay` longer each way for `seconds`.

    Trips are added just outside and at the ends of the span, so that matching, which interpolates between
    trips, changes nothing outside it.  A refused trip (exch_ts 0) stays refused.
    """
    if len(tape.latency) == 0:
        return tape
    start_ns, end_ns = span(tape, values["seconds"])
    edges = np.array([start_ns - 1, start_ns, end_ns - 1, end_ns], np.int64)
    trips = in_order([tape.latency, trips_at(tape.latency, edges)])
    slow = (trips["req_ts"] >= start_ns) & (trips["req_ts"] < end_ns)
    slower_ns = round(values["delay"] * 1e9)
    trips["exch_ts"][slow & (trips["exch_ts"] > 0)] += slower_ns
    trips["resp_ts"][slow] += 2 * slower_ns
    return replace(tape, latency=trips)


SCENARIO = Scenario(
    name="latency_spike",
    sentence="Whether quotes that cannot be moved for a second do harm beyond the limits.",
    moves="filled_volume",
    way=Way.DOWN,
    parameters=(
        Parameter("delay", 0.5, "s", 0.001, 5.0, "added to an order's way, to the exchange and back"),
        lasting(10.0),
    ),
    edit=slow_orders,
    in_games=False,
)
