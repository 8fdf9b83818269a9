"""Blocks of a recorded tape, stitched so that neither clock ever sees a crossed or torn book.

A block begins with rows that clear the book of the block before and write its own, whole, as one message;
its rows follow at the same distances in time and in ticks as they were recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.market.ingest.slicing import channel_between
from alphaloop.market.replay import BOOK_KINDS
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.tape import BUY, DEPTH_CLEAR, KIND_MASK, LOCAL, SELL, SNAPSHOT, Channel, Rows
from alphaloop.market.worlds.params import refuse_many
from alphaloop.market.worlds.source import Source

REACH, LEAST_REACH_TICKS = 0.01, 50
"""How far beyond the best prices of a block its book is kept: a share of the price.

Recorded books hold orders at a tenth of the price; matching walks every tick that a clear reaches, and a
block goes nowhere near them.
"""
MOVING = ("mark", "index")
"""Side channels that are prices of the contract."""
INSTANTS = ("settlement",)
"""Side channels whose times are events: what was before a block is over when it begins."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a block comes from and where it goes: times in ns, prices in ticks.

    lowest and highest: the prices that its book is kept between, in the recording's ticks.
    """

    begin_ns: int
    end_ns: int
    at_ns: int
    shift: int
    lowest: int
    highest: int


def pieces(
    source: Source, begins_ns: Sequence[int], length_ns: int, start_ns: int, span_ns: int
) -> list[Piece]:
    """Blocks begun at `begins_ns` in the recording, one after the other from `start_ns` on for `span_ns`.

    The first takes up the recording's last mid, each other the mid of the one before.  Raises
    BadConfiguration when the price falls to half on the way.
    """
    now = first = _half_ticks(source, int(source.seen.times_ns[-1]) + 1)
    made = []
    for place, begin in enumerate(begins_ns):
        end = begin + min(length_ns, span_ns - place * length_ns)
        shift = round((now - _half_ticks(source, begin)) / 2)
        now = _half_ticks(source, end) + 2 * shift
        if 2 * now < first:
            raise BadConfiguration(
                f"market.yaml: world bootstrap: over the blocks of {source.tape.name} the price halved; "
                "make the episode shorter, or pin a calmer recording"
            )
        made.append(Piece(begin, end, start_ns + place * length_ns, shift, *_band(source, begin, end)))
    return made


def events(source: Source, wanted: Sequence[Piece]) -> Rows:
    """The rows of all blocks; raises BadConfiguration when there are too many."""
    parts, count = list[Rows](), 0
    for place, piece in enumerate(wanted):
        mine = _rows_of(source, piece)
        opening = _opening(source, piece, wanted[place - 1] if place else None, mine)
        parts += [opening, mine]
        count += len(opening) + len(mine)
        refuse_many("bootstrap", count)
    made = np.concatenate(parts)
    made = made[made["px"] > 0]
    # A block's first message may have been quicker than the last one of the block before.
    heard = (made["ev"] & LOCAL) != 0
    made["local_ts"][heard] = np.maximum.accumulate(made["local_ts"][heard])
    return made


def latency(source: Source, wanted: Sequence[Piece]) -> Rows:
    """The order round trips of all blocks, from the first instant to the last; 0 still rejects."""
    trips = source.tape.latency
    parts = list[Rows]()
    for piece in wanted:
        first, last = np.searchsorted(trips["req_ts"], [piece.begin_ns + 1, piece.end_ns])
        mine = trips[max(0, int(first) - 1) : max(int(last), int(first), 1)].copy()
        parts.append(
            _sent_at(mine, np.maximum(mine["req_ts"], piece.begin_ns) - piece.begin_ns + piece.at_ns)
        )
    end = wanted[-1].at_ns + wanted[-1].end_ns - wanted[-1].begin_ns
    parts.append(_sent_at(parts[-1][-1:].copy(), np.array([end])))
    return np.concatenate(parts)


def channels(source: Source, wanted: Sequence[Piece]) -> tuple[Channel, ...]:
    """The recorded side channels of all blocks; a channel of prices moves with the book."""
    return tuple(_channel(source, channel, wanted) for channel in source.tape.channels)


def _half_ticks(source: Source, time_ns: int) -> int:
    """Best bid + best ask just before a time."""
    place = max(0, int(np.searchsorted(source.seen.times_ns, time_ns, side="left")) - 1)
    return int(source.seen.bid[place] + source.seen.ask[place])


def _band(source: Source, begin_ns: int, end_ns: int) -> tuple[int, int]:
    seen = source.seen
    first, last = np.searchsorted(seen.times_ns, [begin_ns, end_ns])
    part = slice(max(0, int(first) - 1), max(int(last), 1))
    bid, ask = int(seen.bid[part].min()), int(seen.ask[part].max())
    reach = max(LEAST_REACH_TICKS, round(REACH * ask))
    return max(1, bid - reach), ask + reach


def _rows_of(source: Source, piece: Piece) -> Rows:
    """What was recorded between begin and end, moved; levels beyond the band are left out."""
    tape = source.tape
    first = int(np.searchsorted(source.latest_ns, piece.begin_ns, side="left"))
    last = int(np.searchsorted(source.earliest_ns, piece.end_ns, side="left"))
    near = tape.events[first:last]
    ticks = np.rint(near["px"] / tape.instrument.tick).astype(np.int64)
    inside = (near["exch_ts"] >= piece.begin_ns) & (near["exch_ts"] < piece.end_ns)
    book = np.isin(near["ev"] & KIND_MASK, BOOK_KINDS)
    inside &= ~book | ((ticks >= piece.lowest) & (ticks <= piece.highest))
    mine = near[inside].copy()
    mine["px"] = multiples(ticks[inside] + piece.shift, tape.instrument.tick)
    for column in ("exch_ts", "local_ts"):
        mine[column] += piece.at_ns - piece.begin_ns
    return mine


def _opening(source: Source, piece: Piece, before: Piece | None, following: Rows) -> Rows:
    """Rows that clear the book of the block `before` and write this one's, heard as its first message is."""
    ev, ticks, lots = list[int](), list[int](), list[int]()
    if before is not None:
        ev += [DEPTH_CLEAR | BUY, DEPTH_CLEAR | SELL]
        ticks += [max(1, before.lowest + before.shift), before.highest + before.shift]
        lots += [0, 0]
    for side, sign, levels in zip((BUY, SELL), (-1, 1), source.books.at(piece.begin_ns), strict=True):
        for key in sorted(levels):
            if piece.lowest <= sign * key <= piece.highest:
                ev.append(SNAPSHOT | side)
                ticks.append(sign * key + piece.shift)
                lots.append(levels[key])
    heard = following[(following["ev"] & LOCAL) != 0][:1]
    delay = int((heard["local_ts"] - heard["exch_ts"]).sum())
    times = np.full(len(ev), piece.at_ns)
    instrument = source.tape.instrument
    flags = np.array(ev, np.uint64) | np.uint64(BOTH)
    return rows(
        flags, times, times + delay, multiples(ticks, instrument.tick), multiples(lots, instrument.lot)
    )


def _sent_at(trips: Rows, req_ns: NDArray[np.int64]) -> Rows:
    """The round trips `trips`, sent at other times."""
    by = req_ns - trips["req_ts"]
    trips["req_ts"] += by
    trips["resp_ts"] += by
    trips["exch_ts"] += np.where(trips["exch_ts"] > 0, by, 0)
    return trips


def _channel(source: Source, channel: Channel, wanted: Iterable[Piece]) -> Channel:
    times, values = list[NDArray[np.int64]](), list[NDArray[np.float64]]()
    for piece in wanted:
        mine = channel_between(channel, piece.begin_ns, piece.end_ns)
        kept = mine.times_ns >= piece.begin_ns if channel.name in INSTANTS else slice(None)
        times.append(np.maximum(mine.times_ns[kept], piece.begin_ns) - piece.begin_ns + piece.at_ns)
        by = piece.shift * source.tape.instrument.tick if channel.name in MOVING else 0.0
        values.append(mine.values[kept] + by)
    return Channel(channel.name, np.concatenate(times), np.concatenate(values))
