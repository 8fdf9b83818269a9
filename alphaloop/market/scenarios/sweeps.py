"""Orders that eat their way through one side of the book, printed where the book gives way to them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from alphaloop.market.replay import Replay, books_at
from alphaloop.market.rows import BOTH
from alphaloop.market.scenarios.rewriting import Move, near, rows_before
from alphaloop.market.tape import EXCHANGE, SELL, TRADE, Tape


def swept(tape: Tape, moves: Sequence[Move], aggressor: int) -> tuple[Tape, list[Move]]:
    """`tape` with the prints of the orders that cause `moves`, and the moves in the places they then have.

    aggressor: SELL prints where bids go down, BUY where asks go up; where the book goes the other way nobody
    trades.  Every level that the order meets is printed whole, and one lot at the price where it ends.  The
    prints stand where the unmoved book does: `moved` carries them along.
    """
    moves = [move for move in moves if 0 < move.place < len(tape.events)]
    parts, shifted, printed, begin = [], list[Move](), 0, 0
    books = books_at(tape, [move.place for move in moves], EXCHANGE)
    for before, move, book in zip([Move(0), *moves], moves, books, strict=False):
        prints = _prints(book, before, move, aggressor)
        made = rows_before(
            tape,
            move.place,
            BOTH,
            [TRADE | aggressor] * len(prints),
            [ticks for ticks, _ in prints],
            [lots for _, lots in prints],
        )
        printed += len(prints)
        parts += [tape.events[begin : move.place], made]
        shifted.append(replace(move, place=move.place + printed))
        begin = move.place
    return replace(tape, events=np.concatenate([*parts, tape.events[begin:]])), shifted


def _prints(book: Replay, before: Move, move: Move, aggressor: int) -> list[tuple[int, int]]:
    """(ticks, lots) of what the order trades, best price first; nothing when the book does not give way."""
    sold = aggressor == SELL
    levels, far = (book.bids, before.bid - move.bid) if sold else (book.asks, move.ask - before.ask)
    if far <= 0 or not levels:
        return []
    sign, best = (-1 if sold else 1), min(levels)
    met = [(sign * key, lots) for key, lots in near(levels) if key < best + far]
    return [*met, (sign * (best + far), 1)]
