"""The market moves several times as much as before, from one moment to the next."""

import numpy as np

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import Tape

STEP_S = 0.25
SETTLED = 8
"""Steps at the end of which the median is where the price stays."""
LARGEST_MOVE = 0.09
"""Share of the price: farther than this the book is never moved (see `rewriting.REACH`)."""


def amplify(tape: Tape, values: Values) -> Tape:
    """`tape` with every change of the mid `times` as large for `seconds`; the price stays where it came to.

    The tape's own moves are made larger, so that flow and price still belong together.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    seen = touches(tape)
    doubled = seen.bid + seen.ask
    largest = round(float(doubled[0]) / 2 * LARGEST_MOVE)
    steps = np.arange(start_ns, end_ns + 1, round(STEP_S * 1e9))
    then = doubled[np.maximum(np.searchsorted(seen.times_ns, steps, side="right") - 1, 0)]
    extra = np.rint((then - then[0]) / 2 * (values["times"] - 1)).clip(-largest, largest)
    # Where it stays must not hang on one instant at which the touch happened to be far from the others.
    extra[-1] = np.rint(np.median(extra[-SETTLED:]))
    return moved(
        tape,
        [
            Move(place_of(tape, time_ns), ticks, ticks)
            for time_ns, ticks in zip(steps.tolist(), extra.astype(int).tolist(), strict=True)
        ],
    )


SCENARIO = Scenario(
    name="volatility_regime",
    sentence="Whether the strategy stays within its limits when the market suddenly moves five times as "
    "much.",
    moves="max_drawdown",
    way=Way.UP,
    parameters=(
        Parameter("times", 5.0, "ratio", 1.5, 50.0, "how much larger each move becomes"),
        lasting(20.0),
    ),
    edit=amplify,
)
