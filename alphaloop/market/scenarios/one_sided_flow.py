"""Everybody sells for a while, and the price gives way."""

from dataclasses import replace

import numpy as np

from alphaloop.market.replay import books_at, touches
from alphaloop.market.rows import multiples
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, SELL, TRADE, Tape

STEPS = 15


def everybody_sells(tape: Tape, values: Values) -> Tape:
    """`tape` with every trade a sale at the bid for `seconds`; the price loses `fall` and stays there."""
    start_ns, end_ns = span(tape, values["seconds"])
    first = touches(tape)
    fall_ticks = float(first.bid[0] + first.ask[0]) / 2 * values["fall"]
    moves = []
    for step in range(1, STEPS + 1):
        ticks = -round(fall_ticks * step / STEPS)
        moves.append(Move(place_of(tape, start_ns + (end_ns - start_ns) * step // STEPS), ticks, ticks))
    return moved(_sold(tape, place_of(tape, start_ns), place_of(tape, end_ns)), moves)


def _sold(tape: Tape, start: int, end: int) -> Tape:
    """`tape` with the purchases in rows [start, end) made sales at the best bid of that moment."""
    inside = np.arange(len(tape.events))
    bought = ((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & BUY) != 0)
    places = np.flatnonzero(bought & (inside >= start) & (inside < end))
    events = tape.events.copy()
    for place, book in zip(places.tolist(), books_at(tape, places.tolist(), EXCHANGE), strict=True):
        touch = book.touch()
        if touch is not None:
            events["px"][place] = multiples([touch[0]], tape.instrument.tick)[0]
            events["ev"][place] ^= np.uint64(BUY | SELL)
    return replace(tape, events=events)


SCENARIO = Scenario(
    name="one_sided_flow",
    sentence="Whether the strategy stops buying when everybody sells and the price gives way.",
    moves="markout_5s",
    way=Way.DOWN,
    parameters=(
        Parameter("fall", 0.005, "share of price", 0.0001, 0.09, "how much the price loses"),
        lasting(15.0),
    ),
    edit=everybody_sells,
)
