"""Moving a book up or down in the middle of a tape, so that neither clock ever sees a crossed or torn one.

A level that was set before the move would stay where it was.  So at each move both books, the exchange's and
the trader's, are cleared and written again in their new place, and every row after it is moved as well.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.replay import books_at
from alphaloop.market.rows import multiples
from alphaloop.market.scenarios.rewriting import Move, cleared, written
from alphaloop.market.scenarios.streams import lifted
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, LOCAL, TRADE, Channel, Rows, Tape


def moved(tape: Tape, moves: Sequence[Move], follow: Sequence[str] = ("mark", "index")) -> Tape:
    """`tape` with its book moved; trades move with the side that they hit.

    Of several moves at one place the last counts.  Levels that would come to stand at zero or below are left
    out.  follow: the side channels that move with the mid; both when the whole market moves, and fewer when
    it is this venue's own affair.
    """
    kept = _real(tape, moves)
    books = _rewritten(tape, kept)
    ends = [*(move.place for move in kept), len(tape.events)]
    parts = [tape.events[: ends[0]]]
    for move, book, end in zip(kept, books, ends[1:], strict=True):
        parts += [*book, _shifted(tape, move.place, end, move)]
    events = np.concatenate(parts)
    return replace(tape, events=events[events["px"] > 0], channels=_following(tape, kept, follow))


def _real(tape: Tape, moves: Sequence[Move]) -> list[Move]:
    """The moves inside the tape, one a place and rising, without those that move nothing."""
    inside = {move.place: move for move in moves if 0 < move.place < len(tape.events)}
    kept, now = list[Move](), (0, 0)
    for _, move in sorted(inside.items()):
        if (move.bid, move.ask) != now:
            kept.append(move)
            now = (move.bid, move.ask)
    return kept


def _shifted(tape: Tape, start: int, end: int, move: Move) -> Rows:
    part = tape.events[start:end].copy()
    ticks = np.rint(part["px"] / tape.instrument.tick) + np.where(_speaks_of_bids(part), move.bid, move.ask)
    part["px"] = multiples(ticks, tape.instrument.tick)
    return part


def _following(tape: Tape, moves: Sequence[Move], names: Sequence[str]) -> tuple[Channel, ...]:
    times_ns = tape.events["exch_ts"][[move.place for move in moves]]
    lifts = np.array([(move.bid + move.ask) / 2 * tape.instrument.tick for move in moves], np.float64)
    return tuple(
        lifted(channel, times_ns, lifts) if channel.name in names else channel for channel in tape.channels
    )


def _speaks_of_bids(events: Rows) -> NDArray[np.bool_]:
    """A level of the bid side, or a trade whose aggressor sold into it."""
    bought: NDArray[np.bool_] = (events["ev"] & BUY) != 0
    return np.where((events["ev"] & KIND_MASK) == TRADE, ~bought, bought)


def _rewritten(tape: Tape, moves: Sequence[Move]) -> list[list[Rows]]:
    """For each move, the rows that rewrite the exchange's book and those that rewrite the trader's."""
    befores = [Move(0), *moves]
    places = [move.place for move in moves]
    made: list[list[Rows]] = [[] for _ in moves]
    for clock in (EXCHANGE, LOCAL):
        books = books_at(tape, places, clock)
        for written_at, before, move, book in zip(made, befores, moves, books, strict=False):
            written_at += [cleared(tape, book, move, before, clock), written(tape, book, move, clock)]
    return made
