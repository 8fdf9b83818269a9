"""Funding of a perpetual jumps to an extreme and is settled in the middle of the episode."""

import numpy as np

from alphaloop.market.journal import FUNDING_INTERVAL_NS
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.streams import as_perpetual, held, stream, with_channels
from alphaloop.market.tape import Channel, Tape

INTERVAL_H = FUNDING_INTERVAL_NS / 3_600e9
"""Hours that a rate is for: the value of the channel "settlement", whose times are what counts."""


def charge(tape: Tape, values: Values) -> Tape:
    """`tape` with a funding rate of `rate` for `seconds`, settled when they are over.

    A tape without mark, index and funding is given them: mark and index at the mid, and calm funding.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    priced = as_perpetual(tape)
    # The rate is settled at its last instant, so it must hold at that one too.
    spike = held(stream(priced, "funding"), start_ns, end_ns + 1, values["rate"])
    due = Channel("settlement", np.array([end_ns], np.int64), np.array([INTERVAL_H]))
    return with_channels(priced, spike, due)


SCENARIO = Scenario(
    name="funding_spike",
    sentence="Whether a strategy that is told of extreme funding holds a position into its settlement.",
    moves="pnl_funding",
    way=Way.AWAY,
    parameters=(
        Parameter("rate", 0.01, "ratio", -0.03, 0.03, "what longs pay to shorts at the settlement"),
        lasting(10.0),
    ),
    edit=charge,
)
