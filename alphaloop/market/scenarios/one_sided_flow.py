"""Everybody sells for a while, and the price gives way."""

from dataclasses import replace

import numpy as np

from alphaloop.market.replay import books_at, touches
from alphaloop.market.rows import multiples
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Scenario, place_of, span
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, SELL, TRADE, Tape

SECONDS = 15.0
FALL = 0.005
STEPS = 15


def everybody_sells(tape: Tape) -> Tape:
    """`tape` with every trade a sale at the bid for fifteen seconds; the price loses half a per cent."""
    start_ns, end_ns = span(tape, SECONDS)
    first = touches(tape)
    fall_ticks = float(first.bid[0] + first.ask[0]) / 2 * FALL
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
    "one_sided_flow",
    "Whether the strategy stops buying when everybody sells and the price gives way.",
    "position_share",
    everybody_sells,
)
