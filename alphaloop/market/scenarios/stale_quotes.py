"""The feed arrives late for a while: what the trader sees is old."""

from dataclasses import replace

import numpy as np

from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import LOCAL, Tape


def delay_the_feed(tape: Tape, values: Values) -> Tape:
    """`tape` with `local_ts` later by `age` over `seconds`; what follows queues up behind it."""
    start, end = (place_of(tape, time_ns) for time_ns in span(tape, values["seconds"]))
    events = tape.events.copy()
    events["local_ts"][start:end] += round(values["age"] * 1e9)
    heard = (events["ev"] & LOCAL) != 0
    events["local_ts"][heard] = np.maximum.accumulate(events["local_ts"][heard])
    return replace(tape, events=events)


SCENARIO = Scenario(
    name="stale_quotes",
    sentence="Whether the strategy holds back when the prices that it sees are two seconds old.",
    moves="filled_volume",
    way=Way.DOWN,
    parameters=(
        Parameter("age", 2.0, "s", 0.01, 30.0, "how old the feed is when it arrives"),
        lasting(10.0),
    ),
    edit=delay_the_feed,
)
