"""The index of a perpetual leaves its own market, and the mark goes with it, while the book stays."""

import numpy as np

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.streams import as_perpetual, lifted, with_channels
from alphaloop.market.tape import Tape


def part(tape: Tape, values: Values) -> Tape:
    """`tape` with an index that is `size` away for `seconds`; the mark goes the share `marked` of it.

    A tape without mark, index and funding is given them: mark and index at the mid, and calm funding.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    priced, first = as_perpetual(tape), touches(tape)
    far = float(first.bid[0] + first.ask[0]) / 2 * tape.instrument.tick * values["size"]
    times_ns = np.array([start_ns, end_ns], np.int64)
    shares = {"mark": values["marked"], "index": 1.0}
    return with_channels(
        priced,
        *(
            lifted(channel, times_ns, np.array([far * shares[channel.name], 0.0]))
            for channel in priced.channels
            if channel.name in shares
        ),
    )


SCENARIO = Scenario(
    name="basis_break",
    sentence="Whether the strategy stays within its limits when the mark, at which its account is valued, "
    "leaves the market.",
    moves="basis_std",
    way=Way.UP,
    parameters=(
        Parameter("size", -0.01, "share of price", -0.09, 0.09, "how far the index goes"),
        Parameter("marked", 0.5, "share", 0.0, 1.0, "of the index's way that the mark goes"),
        lasting(15.0),
    ),
    edit=part,
)
