"""The price falls by a twentieth within two seconds, stays there for three and comes back within five."""

import numpy as np

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Scenario, place_of, span
from alphaloop.market.tape import Tape

FALL = 0.05
SECONDS = np.array([0.0, 2.0, 5.0, 10.0])
DEPTH_OF_FALL = np.array([0.0, 1.0, 1.0, 0.0])
STEP_S = 0.25


def crash(tape: Tape) -> Tape:
    """`tape` with the fall in steps of STEP_S seconds; a short tape has a shorter crash of the same depth."""
    start_ns, end_ns = span(tape, float(SECONDS[-1]))
    stretch = (end_ns - start_ns) / 1e9 / SECONDS[-1]
    first = touches(tape)
    price_ticks = float(first.bid[0] + first.ask[0]) / 2
    moves = []
    for second in np.arange(STEP_S, SECONDS[-1] + STEP_S, STEP_S):
        ticks = -round(float(np.interp(second, SECONDS, DEPTH_OF_FALL)) * FALL * price_ticks)
        moves.append(Move(place_of(tape, start_ns + round(second * stretch * 1e9)), ticks, ticks))
    return moved(tape, moves)


SCENARIO = Scenario(
    "flash_crash",
    "Whether a fall of 5 % within seconds, and its recovery, leave the strategy within its limits.",
    "max_drawdown",
    crash,
)
