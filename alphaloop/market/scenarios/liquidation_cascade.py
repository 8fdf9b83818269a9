"""Forced sales in waves: each eats through the bids, drags the mark down and sets off the next."""

import numpy as np

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import (
    COUNT,
    Parameter,
    Scenario,
    Values,
    Way,
    lasting,
    place_of,
    span,
)
from alphaloop.market.scenarios.streams import as_perpetual, lifted, stream, with_channels
from alphaloop.market.scenarios.sweeps import swept
from alphaloop.market.tape import SELL, Tape

STEPS = 8
"""Sales in each wave."""
FALLS, STANDS = 0.3, 0.5
"""Shares of a wave: sales until the first, then the price stands, and from the second on it recovers."""
RECOVERS = 0.25
"""Share of its fall that a wave gives back."""


def liquidate(tape: Tape, values: Values) -> Tape:
    """`tape` with `waves` of sales that together take the price down by `fall`, all within `seconds`.

    The mark falls with the book and stands `discount` below it until the end; the index, which is other
    venues, stays.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    marked = as_perpetual(tape)
    first = touches(tape)
    price_ticks = float(first.bid[0] + first.ask[0]) / 2
    moves = []
    for share, fallen in _path(round(values["waves"])):
        ticks = -round(fallen * values["fall"] * price_ticks)
        moves.append(Move(place_of(tape, start_ns + round(share * (end_ns - start_ns))), ticks, ticks))
    fallen_tape = moved(*swept(marked, moves, SELL), follow=("mark",))
    below = price_ticks * tape.instrument.tick * values["discount"]
    ends = np.array([start_ns, end_ns], np.int64)
    return with_channels(fallen_tape, lifted(stream(fallen_tape, "mark"), ends, np.array([-below, 0.0])))


def _path(waves: int) -> list[tuple[float, float]]:
    """(share of the time, share of the whole fall) of every step of the price."""
    steps = []
    net = 1 / (waves - (waves - 1) * RECOVERS)
    for wave in range(waves):
        begin, fallen = wave / waves, wave * net * (1 - RECOVERS)
        for step in range(1, STEPS + 1):
            steps.append((begin + FALLS / waves * step / STEPS, fallen + net * step / STEPS))
        if wave < waves - 1:
            for step in range(1, STEPS + 1):
                share = begin + (STANDS + (1 - STANDS) * step / STEPS) / waves
                steps.append((share, fallen + net * (1 - RECOVERS * step / STEPS)))
    return steps


SCENARIO = Scenario(
    name="liquidation_cascade",
    sentence="Whether the strategy stays within its limits when waves of forced sales run over its bids and "
    "the mark falls below the market.",
    moves="max_drawdown",
    way=Way.UP,
    parameters=(
        Parameter("fall", 0.03, "share of price", 0.001, 0.08, "how much the price loses in all waves"),
        Parameter("waves", 3.0, COUNT, 1.0, 10.0, "of sales; each gives back a quarter of its fall"),
        Parameter("discount", 0.002, "share of price", 0.0, 0.05, "how far the mark stands below the mid"),
        lasting(15.0),
    ),
    edit=liquidate,
)
