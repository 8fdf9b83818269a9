"""The trader hears nothing for a while, and is sent the whole book when the line is back."""

from dataclasses import replace

import numpy as np

from alphaloop.market.replay import books_at
from alphaloop.market.scenarios.rewriting import Move, cleared, written
from alphaloop.market.scenarios.scenario import place_of
from alphaloop.market.tape import EXCHANGE, LOCAL, Tape


def silenced(tape: Tape, start_ns: int, end_ns: int) -> Tape:
    """`tape` without LOCAL on the rows of a span, which is noted as an outage.

    The span is not in `gaps_ns`, because the strategy must survive it.  The rows that the trader gets at the
    end are the exchange's whole book, as a client that connects again asks for.
    """
    start, end = place_of(tape, start_ns), place_of(tape, end_ns)
    silent = tape.events[start:end].copy()
    silent["ev"] &= np.uint64(~LOCAL & 0xFFFF_FFFF)
    silent = silent[(silent["ev"] & EXCHANGE) != 0]
    (remembered,) = books_at(tape, [start], LOCAL)
    (book,) = books_at(tape, [end], EXCHANGE)
    back = Move(end)
    again = [cleared(tape, remembered, back, back, LOCAL), written(tape, book, back, LOCAL)]
    return replace(
        tape,
        events=np.concatenate([tape.events[:start], silent, *again, tape.events[end:]]),
        outages_ns=(*tape.outages_ns, (start_ns, end_ns)),
    )
