"""The price runs away within a fifth of the time, stays, and comes back: a crash, or upwards a rally."""

import numpy as np

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import Tape

# Where in its time a flash is how far on its way; in tenths, because the steps are fortieths.
TENTHS = np.array([0.0, 2.0, 5.0, 10.0])
SHARE_OF_WAY = np.array([0.0, 1.0, 1.0, 0.0])
STEPS = 40


def flash(tape: Tape, values: Values) -> Tape:
    """`tape` with the price `size` away and back in STEPS steps."""
    start_ns, end_ns = span(tape, values["seconds"])
    first = touches(tape)
    far_ticks = float(first.bid[0] + first.ask[0]) / 2 * values["size"]
    moves = []
    for step in range(1, STEPS + 1):
        share = float(np.interp(10 * step / STEPS, TENTHS, SHARE_OF_WAY))
        ticks = round(share * far_ticks)
        moves.append(Move(place_of(tape, start_ns + round((end_ns - start_ns) * step / STEPS)), ticks, ticks))
    return moved(tape, moves)


def _away(size: float, low: float, high: float) -> Parameter:
    return Parameter("size", size, "share of price", low, high, "how far the price goes")


CRASH = Scenario(
    name="flash_crash",
    sentence="Whether a fall of 5 % within seconds, and its recovery, leave the strategy within its limits.",
    moves="max_drawdown",
    way=Way.UP,
    parameters=(_away(-0.05, -0.09, -0.001), lasting(10.0)),
    edit=flash,
)
RALLY = Scenario(
    name="flash_rally",
    sentence="Whether a rise of 5 % within seconds, and its end, leave the strategy within its limits.",
    moves="max_drawdown",
    way=Way.UP,
    parameters=(_away(0.05, 0.001, 0.09), lasting(10.0)),
    edit=flash,
)
