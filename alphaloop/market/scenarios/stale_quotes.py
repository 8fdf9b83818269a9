"""The feed arrives late for a while: what the trader sees is two seconds old."""

from dataclasses import replace

import numpy as np

from alphaloop.market.scenarios.scenario import Scenario, place_of, span
from alphaloop.market.tape import LOCAL, Tape

SECONDS = 10.0
LATE_NS = 2_000_000_000


def delay_the_feed(tape: Tape) -> Tape:
    """`tape` with `local_ts` two seconds later over ten seconds; what follows queues up behind it."""
    start, end = (place_of(tape, time_ns) for time_ns in span(tape, SECONDS))
    events = tape.events.copy()
    events["local_ts"][start:end] += LATE_NS
    heard = (events["ev"] & LOCAL) != 0
    events["local_ts"][heard] = np.maximum.accumulate(events["local_ts"][heard])
    return replace(tape, events=events)


SCENARIO = Scenario(
    "stale_quotes",
    "Whether the strategy holds back when the prices that it sees are two seconds old.",
    "markout_1s",
    delay_the_feed,
)
