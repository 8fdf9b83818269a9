"""Nothing happens for a while: the touch is repeated as it is, and nobody trades."""

from dataclasses import replace

import numpy as np

from alphaloop.market.replay import Replay, books_at
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.scenarios.rewriting import Move, cleared, written
from alphaloop.market.scenarios.scenario import Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, LOCAL, SELL, Rows, Tape

REPEATED_NS = 100_000_000
"""Often enough that what is shown is never stale."""


def nothing_happens(tape: Tape, values: Values) -> Tape:
    """`tape` with a still market for `seconds`; afterwards the book is as it would have been by then."""
    start, end = (place_of(tape, time_ns) for time_ns in span(tape, values["seconds"]))
    books = {clock: _books(tape, start, end, clock) for clock in (EXCHANGE, LOCAL)}
    still = books[EXCHANGE][0].touch()
    if still is None or start == end:
        return tape
    move = Move(end)
    again = [
        rewritten
        for clock, (before, _) in books.items()
        for rewritten in (
            cleared(tape, before, move, move, clock),
            written(tape, books[EXCHANGE][1], move, clock),
        )
    ]
    repeated = _repeated(tape, start, again[0], books[EXCHANGE][0], still)
    return replace(tape, events=np.concatenate([tape.events[:start], repeated, *again, tape.events[end:]]))


def _books(tape: Tape, start: int, end: int, clock: int) -> tuple[Replay, Replay]:
    """The book of one clock before two rows: apart, because a replay goes on."""
    (before,), (after,) = (books_at(tape, [place], clock) for place in (start, end))
    return before, after


def _repeated(tape: Tape, start: int, until: Rows, book: Replay, touch: tuple[int, int]) -> Rows:
    """Both sides of the touch again and again, as late at the trader as the row before them."""
    last = tape.events[max(start - 1, 0)]
    delay_ns = int(last["local_ts"]) - int(last["exch_ts"])
    end_ns = min(int(until["exch_ts"][0]), int(until["local_ts"][0]) - delay_ns)
    times_ns = np.arange(int(last["exch_ts"]) + REPEATED_NS, end_ns, REPEATED_NS).repeat(2)
    bid, ask = touch
    turns = len(times_ns) // 2
    return rows(
        np.tile(np.array([DEPTH | BUY | BOTH, DEPTH | SELL | BOTH], np.uint64), turns),
        times_ns,
        times_ns + delay_ns,
        np.tile(multiples([bid, ask], tape.instrument.tick), turns),
        np.tile(multiples([book.bids[-bid], book.asks[ask]], tape.instrument.lot), turns),
    )


SCENARIO = Scenario(
    name="quiet_market",
    sentence="Whether orders rest where they are while nothing at all happens.",
    moves="filled_volume",
    way=Way.DOWN,
    parameters=(lasting(10.0),),
    edit=nothing_happens,
    in_games=False,
)
