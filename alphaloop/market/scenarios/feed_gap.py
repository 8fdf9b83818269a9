"""The trader hears nothing for a while, and is sent a snapshot when the feed is back."""

from dataclasses import replace

import numpy as np

from alphaloop.market.replay import books_at
from alphaloop.market.scenarios.rewriting import Move, cleared, written
from alphaloop.market.scenarios.scenario import Scenario, place_of, span
from alphaloop.market.tape import EXCHANGE, LOCAL, Tape

SECONDS = 5.0


def lose_the_feed(tape: Tape) -> Tape:
    """`tape` without LOCAL on five seconds of rows.

    The span is not in `gaps_ns`, because the strategy must survive it.  The rows that the trader gets at the
    end are the exchange's whole book, as a client that connects again asks for.
    """
    start, end = (place_of(tape, time_ns) for time_ns in span(tape, SECONDS))
    silent = tape.events[start:end].copy()
    silent["ev"] &= np.uint64(~LOCAL & 0xFFFF_FFFF)
    silent = silent[(silent["ev"] & EXCHANGE) != 0]
    (remembered,) = books_at(tape, [start], LOCAL)
    (book,) = books_at(tape, [end], EXCHANGE)
    back = Move(end)
    again = [cleared(tape, remembered, back, back, LOCAL), written(tape, book, back, LOCAL)]
    return replace(tape, events=np.concatenate([tape.events[:start], silent, *again, tape.events[end:]]))


SCENARIO = Scenario(
    "feed_gap",
    "Whether the strategy survives five seconds without market data while its quotes stay in the market.",
    "markout_1s",
    lose_the_feed,
)
