"""Both sides step back from the mid, and return."""

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Scenario, place_of, span
from alphaloop.market.tape import Tape

SECONDS = 10.0
STEP_BACK = 0.002
"""Share of the price by which each side steps back: a spread of 40 bps on top of the usual one."""


def blow_out(tape: Tape) -> Tape:
    """`tape` with a wide spread for ten seconds."""
    start_ns, end_ns = span(tape, SECONDS)
    first = touches(tape)
    ticks = max(1, round(float(first.bid[0] + first.ask[0]) / 2 * STEP_BACK))
    return moved(tape, [Move(place_of(tape, start_ns), -ticks, ticks), Move(place_of(tape, end_ns))])


SCENARIO = Scenario(
    "spread_blowout",
    "Whether the strategy keeps sane prices when the book around it empties and the spread is 40 bps wider.",
    "effective_spread",
    blow_out,
)
