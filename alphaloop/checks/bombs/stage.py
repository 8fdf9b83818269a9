"""A market made to order: one second after the other as a script says, as a tape that an episode can play."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from alphaloop.facts.market import Instrument
from alphaloop.market.rows import BOTH, multiples, rows
from alphaloop.market.tape import BUY, DEPTH, LATENCY, SELL, TRADE, Channel, Lottery, Rows, Tape
from alphaloop.simulation.timeline import SECOND_NS, WARM_UP_S, Timeline, timeline

START_NS = 1_700_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Beat:
    """One second of the market.

    told_s: the time that the strategy is told when it begins; bid and spread in ticks; bid_lots, ask_lots and
    trade_lots: sizes at the touch, and of one trade; volatility in price units per √s; target_lots: the
    position that fills lead to; piece_lots: the largest single fill, 0 for none.
    """

    told_s: float
    bid: int
    spread: int
    bid_lots: int
    ask_lots: int
    trade_lots: int
    volatility: float
    target_lots: int
    piece_lots: int

    @property
    def ask(self) -> int:
        """The best ask in ticks."""
        return self.bid + self.spread


def staged(
    beats: Sequence[Beat],
    instrument: Instrument,
    silence_ns: int,
    streams: Iterable[tuple[str, Sequence[float]]] = (),
) -> Timeline:
    """The script ready to be played: one beat a second, the strategy asked at least every `silence_ns`.

    The volatility that it is told is the script's, whatever the prices do, and so is the clock.  streams: by
    name, one value a beat.
    """
    times_ns = _times_ns(len(beats))
    channels = [Channel(name, times_ns, np.array(values)) for name, values in streams]
    made = timeline(_tape(beats, instrument, silence_ns, channels))
    told = [beat.volatility for beat in beats]
    # One more, for the instant at which the tape ends.
    return replace(made, volatility=[*told, told[-1]])


def warmed_up(first: Beat) -> list[Beat]:
    """The seconds before a strategy is first asked."""
    return [
        replace(first, told_s=first.told_s - WARM_UP_S + second, piece_lots=0) for second in range(WARM_UP_S)
    ]


def _tape(
    beats: Sequence[Beat], instrument: Instrument, silence_ns: int, channels: Iterable[Channel]
) -> Tape:
    events = np.concatenate([_rows(beats, instrument), _end(beats, instrument)])
    skews = np.array([beat.told_s for beat in beats]) - _times_ns(len(beats)) * 1e-9
    return Tape(
        name="drill",
        instrument=instrument,
        events=events,
        latency=np.zeros(0, LATENCY),
        channels=(Channel("clock_skew", _times_ns(len(beats)), skews), *channels),
        # Only its step is read: who fills is the puppet.
        lottery=Lottery(0.0, 0.0, silence_ns, np.zeros((0, 2))),
    )


def _rows(beats: Sequence[Beat], instrument: Instrument) -> Rows:
    """Old touch out, new touch in, and a trade, every second."""
    columns: list[tuple[int, int, int, int]] = []
    before = beats[0]
    for second, beat in enumerate(beats):
        columns += [
            (second, DEPTH | BUY, before.bid, 0),
            (second, DEPTH | SELL, before.ask, 0),
            (second, DEPTH | BUY, beat.bid, beat.bid_lots),
            (second, DEPTH | SELL, beat.ask, beat.ask_lots),
        ]
        if beat.trade_lots:
            side, ticks = ((BUY, beat.ask), (SELL, beat.bid))[second % 2]
            columns.append((second, TRADE | side, ticks, beat.trade_lots))
        before = beat
    seconds, ev, ticks_, lots = (np.array(column) for column in zip(*columns, strict=True))
    times_ns = START_NS + SECOND_NS * seconds
    prices, sizes = multiples(ticks_, instrument.tick), multiples(lots, instrument.lot)
    return rows(ev.astype(np.uint64) | np.uint64(BOTH), times_ns, times_ns, prices, sizes)


def _end(beats: Sequence[Beat], instrument: Instrument) -> Rows:
    """One more row, so that the last second is played too."""
    last, end_ns = beats[-1], [START_NS + SECOND_NS * len(beats)]
    price, size = multiples([last.bid], instrument.tick), multiples([last.bid_lots], instrument.lot)
    return rows([DEPTH | BUY | BOTH], end_ns, end_ns, price, size)


def _times_ns(count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return START_NS + SECOND_NS * np.arange(count, dtype=np.int64)
