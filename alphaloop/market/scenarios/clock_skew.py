"""The trader's clock runs ahead, is set back too far, and is put right: time as it is told runs backwards."""

import numpy as np

from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.streams import with_channels
from alphaloop.market.tape import Channel, Tape


def skew_the_clock(tape: Tape, values: Values) -> Tape:
    """`tape` with every time that is told `skew` too late, then as much too early, over `seconds`.

    Nothing happens earlier or later than before: only what the strategy is told about time is wrong.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    times_ns = np.array([start_ns, (start_ns + end_ns) // 2, end_ns], np.int64)
    skews_s = np.array([values["skew"], -values["skew"], 0.0])
    return with_channels(tape, Channel("clock_skew", times_ns, skews_s))


SCENARIO = Scenario(
    name="clock_skew",
    sentence="Whether a strategy that paces itself by the clock goes on when it jumps ahead and is set back.",
    moves="message_ratio",
    way=Way.DOWN,
    parameters=(
        Parameter("skew", 2.0, "s", 0.001, 600.0, "how far the clock is off, either way"),
        lasting(20.0),
    ),
    edit=skew_the_clock,
)
