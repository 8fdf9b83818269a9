"""A recorded tape made ready for being cut at any moment: where it may be cut, and its whole book there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.pinned import pinned
from alphaloop.market.replay import Replay, Touches, book_changes, touches
from alphaloop.market.tape import EXCHANGE, Spans, Tape
from alphaloop.market.worlds.observed import moves

CHECKPOINTS = 256
Levels = Mapping[int, int]
"""Key → lots, as Replay keeps one side of a book."""
_Kept = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Source:
    """A tape and what is known of it.

    whole_ns: the spans in which nothing is missing and the trader is connected; earliest and latest: for each
    row the first exchange time from it on and the last up to it, so that the rows of a span are found without
    reading all; sigma: deviation of the mid's one-second changes, quote currency.
    """

    tape: Tape
    seen: Touches
    whole_ns: Spans
    sigma: float
    earliest_ns: NDArray[np.int64]
    latest_ns: NDArray[np.int64]
    books: "Books"


class Books:
    """The exchange's book of a tape at any time: saved every so many rows, and played on from there."""

    def __init__(self, tape: Tape) -> None:
        places, *self._changes = book_changes(tape, EXCHANGE)
        self._times_ns = tape.events["exch_ts"][places]
        self._stride = max(4_096, len(self._times_ns) // CHECKPOINTS)
        self._saved: list[tuple[_Kept, _Kept]] = []
        book = Replay()
        for start in range(0, len(self._times_ns), self._stride):
            self._saved.append((_kept(book.bids), _kept(book.asks)))
            self._play(book, start, start + self._stride)

    def at(self, time_ns: int) -> tuple[Levels, Levels]:
        """Bids and asks just before `time_ns`."""
        end = int(np.searchsorted(self._times_ns, time_ns, side="left"))
        saved = min(end // self._stride, len(self._saved) - 1)
        book = Replay()
        for levels, (keys, lots) in zip((book.bids, book.asks), self._saved[saved], strict=True):
            levels.update(zip(keys.tolist(), lots.tolist(), strict=True))
        self._play(book, saved * self._stride, end)
        return book.bids, book.asks

    def _play(self, book: Replay, start: int, end: int) -> None:
        for change in zip(*(column[start:end].tolist() for column in self._changes), strict=True):
            book.apply(*change)


@lru_cache(maxsize=2)
def source(folder: Path, pin: str, instrument: Instrument) -> Source:
    """The pinned tape, made ready; raises BadTape when it is not there or cannot be cut for `instrument`."""
    tape = pinned(folder, pin, instrument)
    _refuse_other_steps(tape, instrument)
    if tape.lottery is not None:
        raise BadTape(
            f"tape {tape.name}: its fills are drawn for the whole game; pin a recorded book instead"
        )
    seen = touches(tape)
    if len(seen.times_ns) < 2:
        raise BadTape(f"tape {tape.name}: it never has a bid and an ask; pin a livelier recording")
    times_ns = tape.events["exch_ts"]
    return Source(
        tape=tape,
        seen=seen,
        whole_ns=_whole(tape, seen),
        sigma=_sigma(tape, seen),
        earliest_ns=np.minimum.accumulate(times_ns[::-1])[::-1].copy(),
        latest_ns=np.maximum.accumulate(times_ns),
        books=Books(tape),
    )


def _refuse_other_steps(tape: Tape, instrument: Instrument) -> None:
    for step in ("tick", "lot"):
        theirs, ours = getattr(tape.instrument, step), getattr(instrument, step)
        if theirs != ours:
            raise BadTape(
                f"tape {tape.name}: its {step} is {theirs:g}, market.yaml's is {ours:g}; a recording is "
                f"played at its own {step}: correct market.yaml, or pin another tape"
            )


def _whole(tape: Tape, seen: Touches) -> Spans:
    """What lies between the gaps and outages, from the first two-sided book to the last event."""
    whole, now = list[tuple[int, int]](), int(seen.times_ns[0]) + 1
    end = int(tape.events["exch_ts"].max())
    for start, stop in (*sorted((*tape.gaps_ns, *tape.outages_ns)), (end, end)):
        if start > now:
            whole.append((now, min(start, end)))
        now = max(now, stop)
    return tuple(whole)


def _sigma(tape: Tape, seen: Touches) -> float:
    changes = moves(tape, seen, 1.0, 0.1)
    sigma = float(np.mean(changes**2)) ** 0.5 if len(changes) else 0.0
    if sigma <= 0:
        raise BadTape(f"tape {tape.name}: its mid never moves within a second; pin a livelier recording")
    return sigma


def _kept(levels: Levels) -> _Kept:
    return np.array(list(levels), np.int64), np.array(list(levels.values()), np.int64)
