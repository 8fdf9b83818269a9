"""Writing a whole book anew in the middle of a tape, for one of the two clocks."""

from dataclasses import dataclass

import numpy as np

from alphaloop.market.replay import Replay
from alphaloop.market.rows import multiples, rows
from alphaloop.market.tape import BUY, DEPTH_CLEAR, EXCHANGE, LOCAL, SELL, SNAPSHOT, Rows, Tape

REACH = 0.1
"""Share of the price; twice the deepest move of any scenario."""


@dataclass(frozen=True, slots=True)
class Move:
    """From row `place` on, bids stand `bid` ticks and asks `ask` ticks from where the tape has them."""

    place: int
    bid: int = 0
    ask: int = 0


def cleared(tape: Tape, book: Replay, move: Move, before: Move, clock: int) -> Rows:
    """Rows that clear `book`, which stood where `before` had put it, out of the view of `clock`.

    A clear reaches from the best price to the one that it names; matching walks every tick of that, so it
    names the farthest level near the touch and no farther one.
    """
    sides = ((BUY, near(book.bids), -1, before.bid), (SELL, near(book.asks), 1, before.ask))
    ev = [DEPTH_CLEAR | flag for flag, levels, _, _ in sides if levels]
    ticks = [max(1, sign * levels[-1][0] + shift) for _, levels, sign, shift in sides if levels]
    return rows_before(tape, move.place, clock, ev, ticks, [0] * len(ev))


def written(tape: Tape, book: Replay, move: Move, clock: int) -> Rows:
    """Rows that write `book`, moved, into the view of `clock` just before row `move.place`."""
    bids, asks = near(book.bids), near(book.asks)
    ev = [SNAPSHOT | BUY] * len(bids) + [SNAPSHOT | SELL] * len(asks)
    ticks = [move.bid - key for key, _ in bids] + [move.ask + key for key, _ in asks]
    return rows_before(tape, move.place, clock, ev, ticks, [lots for _, lots in (*bids, *asks)])


def near(levels: dict[int, int]) -> list[tuple[int, int]]:
    """(key, lots) of the levels within REACH of the best price, best first.

    Recorded books hold orders at a tenth of the price.  They are left where they are, because no scenario
    comes near them, and walking to them would cost more than the episode.
    """
    best = min(levels, default=0)
    return sorted((key, lots) for key, lots in levels.items() if key - best <= REACH * abs(best))


def rows_before(tape: Tape, place: int, clock: int, ev: list[int], ticks: list[int], lots: list[int]) -> Rows:
    """Rows that `clock` sees just before row `place`."""
    exch_ns, local_ns = _times_before(tape, place)
    return rows(
        np.array(ev, np.uint64) | np.uint64(clock),
        np.full(len(ev), exch_ns),
        np.full(len(ev), local_ns),
        multiples(ticks, tape.instrument.tick),
        multiples(lots, tape.instrument.lot),
    )


def _times_before(tape: Tape, place: int) -> tuple[int, int]:
    """The latest times at which rows can stand just before row `place` on either clock, ns.

    The trader hears of them no sooner than they happened, as far as the rows that follow allow it.
    """
    exch_ns = _last(tape.events[:place], EXCHANGE, "exch_ts")
    heard_ns = max(exch_ns, _last(tape.events[:place], LOCAL, "local_ts"))
    after = tape.events[place:]
    following = after["local_ts"][(after["ev"] & LOCAL) != 0][:1].tolist()
    return exch_ns, min([heard_ns, *following])


def _last(events: Rows, clock: int, column: str) -> int:
    mine = events[column][(events["ev"] & clock) != 0]
    return int(mine[-1]) if len(mine) else int(events[column][0])
