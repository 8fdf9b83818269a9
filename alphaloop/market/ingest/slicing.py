"""Long tapes cut into episodes, each of which begins with the whole book."""

from dataclasses import replace

import numpy as np

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.market.replay import BOOK_KINDS, Replay, book_rows
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.tape import BUY, KIND_MASK, SELL, SNAPSHOT, Channel, Rows, Tape


def slices(tape: Tape, episode_s: float) -> list[Tape]:
    """All whole episodes of `episode_s` seconds in `tape`, one after the other, none of which touches a gap.

    Each begins with a snapshot of the exchange's book at that instant, so it can be played alone.  What is
    shorter than an episode is left out, at the end and before gaps.  A tape of chance fills cannot be cut.
    """
    if not episode_s > 0:
        raise BadConfiguration(f"market.yaml: episode_s must be above 0, not {episode_s}")
    if tape.lottery is not None:
        raise BadConfiguration(
            f"tape {tape.name}: its fills are drawn for the whole game; make a shorter game instead"
        )
    if not np.isin(tape.events["ev"] & KIND_MASK, BOOK_KINDS).any():
        raise BadTape(
            f"tape {tape.name}: it holds trades only, and no episode can be played without a book; ingest "
            "the trades together with the tickers or the depth of the same time"
        )
    length_ns = round(episode_s * 1e9)
    starts = _starts(tape, length_ns)
    return [
        _cut(tape, start, start + length_ns, book)
        for start, book in zip(starts, _books(tape, starts), strict=True)
    ]


def _starts(tape: Tape, length_ns: int) -> list[int]:
    """Where the episodes begin, exchange time; none where the next gap is nearer than an episode's length."""
    starts: list[int] = []
    now, end = tape.start_ns, int(tape.events["exch_ts"].max())
    for gap_start, gap_end in (*sorted(tape.gaps_ns), (end + 1, end + 1)):
        count = max(0, (gap_start - now) // length_ns)
        starts += [now + place * length_ns for place in range(count)]
        now = max(now, gap_end)
    return starts


def _books(tape: Tape, starts: list[int]) -> list[Rows]:
    """The exchange's book as snapshot rows just before the first event at or after each start."""
    book, made = Replay(), list[Rows]()
    for time_ns, ev, tick, lots in book_rows(tape):
        while len(made) < len(starts) and time_ns >= starts[len(made)] and starts[len(made)] > tape.start_ns:
            made.append(snapshot(book, starts[len(made)], tape))
        if not made and starts and starts[0] <= tape.start_ns:
            # The tape's own first rows are the snapshot of the first episode.
            made.append(tape.events[:0])
        book.apply(ev, tick, lots)
    made += [snapshot(book, start, tape) for start in starts[len(made) :]]
    return made


def snapshot(book: Replay, time_ns: int, tape: Tape) -> Rows:
    """`book` as rows that both clocks see at `time_ns`: bids, then asks."""
    bids, asks = sorted(book.bids.items()), sorted(book.asks.items())
    ticks = [-key for key, _ in bids] + [key for key, _ in asks]
    lots = [size for _, size in bids] + [size for _, size in asks]
    ev = [SNAPSHOT | BUY | BOTH] * len(bids) + [SNAPSHOT | SELL | BOTH] * len(asks)
    times = np.full(len(ev), time_ns)
    instrument = tape.instrument
    return rows(ev, times, times, multiples(ticks, instrument.tick), multiples(lots, instrument.lot))


def _cut(tape: Tape, start_ns: int, end_ns: int, book: Rows) -> Tape:
    inside = (tape.events["exch_ts"] >= start_ns) & (tape.events["exch_ts"] < end_ns)
    first, last = np.searchsorted(tape.latency["req_ts"], [start_ns, end_ns])
    return replace(
        tape,
        name=f"{tape.name} from {(start_ns - tape.start_ns) / 1e9:.0f} s",
        events=np.concatenate([book, tape.events[inside]]),
        latency=tape.latency[max(0, int(first) - 1) : int(last) + 1].copy(),
        channels=tuple(channel_between(channel, start_ns, end_ns) for channel in tape.channels),
        gaps_ns=(),
        sequence_gaps=0,
    )


def channel_between(channel: Channel, start_ns: int, end_ns: int) -> Channel:
    """The values that hold inside, the one from before included."""
    first = max(0, int(np.searchsorted(channel.times_ns, start_ns, side="right")) - 1)
    last = int(np.searchsorted(channel.times_ns, end_ns))
    return Channel(channel.name, channel.times_ns[first:last].copy(), channel.values[first:last].copy())
