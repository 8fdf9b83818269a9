"""Tapes cut to a span, and tapes of one market one after the other."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.ingest.slicing import channel_between, snapshot
from alphaloop.market.replay import books_at
from alphaloop.market.rows import BOTH, rows
from alphaloop.market.tape import (
    BUY,
    DEPTH_CLEAR,
    EXCHANGE,
    KIND_MASK,
    SELL,
    TRADE,
    Channel,
    Rows,
    Spans,
    Tape,
)


def between(tape: Tape, start_ns: int, end_ns: int) -> Tape:
    """What `tape` says from `start_ns` until before `end_ns` (exchange time), beginning with the whole book.

    Raises BadTape when nothing happened in that span, and for a game, which is one piece.
    """
    if tape.lottery is not None:
        raise BadTape(f"tape {tape.name}: its fills are drawn for the whole game; ask for all of it")
    times_ns = tape.events["exch_ts"]
    inside = np.flatnonzero((times_ns >= start_ns) & (times_ns < end_ns))
    if len(inside) == 0:
        raise BadTape(
            f"tape {tape.name}: nothing happened from {start_ns} to {end_ns} ns; ask for a wider span"
        )
    first, last = np.searchsorted(tape.latency["req_ts"], [start_ns, end_ns])
    return replace(
        tape,
        events=np.concatenate([_book_before(tape, int(inside[0]), start_ns), tape.events[inside]]),
        latency=tape.latency[max(0, int(first) - 1) : int(last) + 1].copy(),
        channels=tuple(channel_between(channel, start_ns, end_ns) for channel in tape.channels),
        gaps_ns=_clipped(tape.gaps_ns, start_ns, end_ns),
        outages_ns=_clipped(tape.outages_ns, start_ns, end_ns),
        rounds_ns=tuple(time_ns for time_ns in tape.rounds_ns if start_ns <= time_ns < end_ns),
    )


def joined(before: Tape, after: Tape) -> Tape:
    """Two tapes of one market as one; what lies between them is a gap.

    The clock shift is that of the first.  Raises BadTape unless `after` begins when `before` is over, on both
    clocks, and the instrument is the same.
    """
    begins = after.events[0]
    if before.instrument != after.instrument or before.lottery is not None or after.lottery is not None:
        raise BadTape(f"tapes {before.name} and {after.name} are of different markets: ask for one of them")
    if begins["exch_ts"] <= _last(before, "exch_ts") or begins["local_ts"] < _last(before, "local_ts"):
        raise BadTape(f"tape {after.name} begins before {before.name} is over: ask for one of them")
    gap = (_last(before, "exch_ts"), int(max(begins["exch_ts"], begins["local_ts"])))
    return replace(
        before,
        name=f"{before.name} and {after.name}",
        events=np.concatenate([before.events, _emptied(before, begins), after.events]),
        latency=np.concatenate([before.latency, after.latency]),
        channels=_channels(before, after),
        gaps_ns=(*before.gaps_ns, gap, *after.gaps_ns),
        sequence_gaps=before.sequence_gaps + after.sequence_gaps,
        outages_ns=before.outages_ns + after.outages_ns,
        rounds_ns=before.rounds_ns + after.rounds_ns,
    )


def _book_before(tape: Tape, place: int, time_ns: int) -> Rows:
    if place == 0:
        return tape.events[:0]
    (book,) = books_at(tape, [place], EXCHANGE)
    return snapshot(book, time_ns, tape)


def _clipped(spans_ns: Spans, start_ns: int, end_ns: int) -> Spans:
    inside = ((max(start, start_ns), min(end, end_ns)) for start, end in spans_ns)
    return tuple((start, end) for start, end in inside if start < end)


def _last(tape: Tape, column: str) -> int:
    return int(tape.events[column].max())


def _emptied(tape: Tape, begins: np.void) -> Rows:
    """Rows that clear the whole book of `tape` at the moment of `begins`."""
    booked = tape.events[(tape.events["ev"] & KIND_MASK) != TRADE]
    bids, asks = (booked["px"][(booked["ev"] & side) != 0] for side in (BUY, SELL))
    # A clear goes from the best price to the one that it names.
    made = [(DEPTH_CLEAR | BUY | BOTH, bids.min())] if len(bids) else []
    made += [(DEPTH_CLEAR | SELL | BOTH, asks.max())] if len(asks) else []
    exch_ns, local_ns = (np.full(len(made), begins[column]) for column in ("exch_ts", "local_ts"))
    return rows([ev for ev, _ in made], exch_ns, local_ns, [price for _, price in made], np.zeros(len(made)))


def _channels(before: Tape, after: Tape) -> tuple[Channel, ...]:
    names = dict.fromkeys(channel.name for tape in (before, after) for channel in tape.channels)
    return tuple(_channel(name, before, after) for name in names)


def _channel(name: str, before: Tape, after: Tape) -> Channel:
    parts = [channel for tape in (before, after) if (channel := tape.channel(name)) is not None]
    times_ns: NDArray[np.int64] = np.concatenate([part.times_ns for part in parts])
    return Channel(name, times_ns, np.concatenate([part.values for part in parts]))
