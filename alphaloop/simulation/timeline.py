"""Everything of a tape that an episode reads again and again, made once: both sides of a pair share it.

All of it is arrays, because a long tape as Python numbers would be many times its size.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.journal import MID
from alphaloop.market.tape import EXCHANGE, KIND_MASK, LOCAL, TRADE, Channel, Rows, Tape
from alphaloop.simulation.best import Best, depth_rows, touches
from alphaloop.simulation.steps import AT_ONCE, Integers, Steps, pieces, together

SECOND_NS: Final = 1_000_000_000
WARM_UP_S: Final = 10
"""Seconds of book before a strategy is first asked: until then there is no volatility to tell it."""
HALF_LIFE_S = 60.0
_LONG_AGO_NS = _NO_MID = -1 << 62


@dataclass(frozen=True, slots=True)
class Stream:
    """A side channel to look single values up in: `values[i]` holds from `times_ns[i]` on."""

    times_ns: memoryview
    values: memoryview

    def at(self, time_ns: int) -> float | None:
        """The value that holds at a time, None before the first."""
        index = bisect_right(self.times_ns, time_ns) - 1
        return self.values[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A tape prepared for play; shapes (n,) of their own.

    local: the touch as the trader sees it; start_ns: its first that has both sides; mids: dtype MID, at the
    exchange; moves_ns: when the trader sees another best price; heard_ns and sent_ns: the instants at which
    the trader hears something newer than all before, and its exchange time; trades: the rows that are trades,
    in the order in which he hears them; volatility[k]: k seconds after the start.
    """

    tape: Tape
    local: Best
    start_ns: int
    end_ns: int
    mids: NDArray[np.void]
    mid_times_ns: memoryview
    moves_ns: Integers
    heard_ns: Integers
    sent_ns: Integers
    trades: Integers
    volatility: list[float]
    streams: dict[str, Stream]

    def mid_at(self, time_ns: int) -> float | None:
        """The mid at the exchange, None before its first two-sided book."""
        index = bisect_right(self.mid_times_ns, time_ns) - 1
        return float(self.mids["mid"][index]) if index >= 0 else None


def singles(column: NDArray[Any]) -> memoryview:
    """A column, of any stride, to read single values of: numpy makes an object for each, and a search a copy.

    The values are Python numbers.
    """
    # numpy's types tell of buffers only from Python 3.12 on.
    return memoryview(column)  # type: ignore[arg-type]


_made_last: list[Timeline] = []


def timeline(tape: Tape) -> Timeline:
    """The timeline of a tape, kept for the last one; raises BadTape when there is never a two-sided book."""
    if not _made_last or _made_last[0].tape is not tape:
        # The old one goes first: two long tapes need not be in memory at once.
        _made_last.clear()
        _made_last.append(_make(tape))
    return _made_last[0]


def _make(tape: Tape) -> Timeline:
    tick = tape.instrument.tick
    heard = _heard(tape.events)
    heard_ns, sent_ns, trades = _news(tape.events, heard)
    exchange, local = _views(tape, heard)
    mids = _mids(*exchange, tick)
    start_ns = _start(tape, local)
    end_ns = tape.end_ns
    seconds = start_ns + SECOND_NS * np.arange((end_ns - start_ns) // SECOND_NS + 1)
    return Timeline(
        tape=tape,
        local=local,
        start_ns=start_ns,
        end_ns=end_ns,
        mids=mids,
        mid_times_ns=singles(mids["time_ns"]),
        moves_ns=_moves(local),
        heard_ns=heard_ns,
        sent_ns=sent_ns,
        trades=trades,
        volatility=_volatility(_mids(local.times_ns, _doubled(local.states), tick), seconds),
        streams={channel.name: _stream(channel) for channel in tape.channels},
    )


def _heard(events: Rows) -> Integers:
    """The rows that the trader hears of, in the order of their arrival."""
    heard, latest_ns = _flagged(events, LOCAL), _LONG_AGO_NS
    for part in pieces(heard):
        arrived_ns = events["local_ts"][part]
        if arrived_ns[0] < latest_ns or (arrived_ns[1:] < arrived_ns[:-1]).any():
            return heard[np.argsort(events["local_ts"][heard], kind="stable")]
        latest_ns = arrived_ns[-1]
    return heard


def _flagged(events: Rows, flag: int) -> Integers:
    """The rows that carry a flag."""
    flagged = (np.flatnonzero(part["ev"] & flag) for part in pieces(events))
    return together((rows + number * AT_ONCE for number, rows in enumerate(flagged)), len(events))


def _news(events: Rows, heard: Integers) -> tuple[Integers, Integers, Integers]:
    """heard_ns, sent_ns and trades of a timeline."""
    steps, newest_ns = Steps(1, len(heard)), _LONG_AGO_NS
    for part in pieces(heard):
        sent_ns = np.maximum.accumulate(np.maximum(events["exch_ts"][part], newest_ns))
        newest_ns = int(sent_ns[-1])
        steps.add(events["local_ts"][part], sent_ns[:, None])
    heard_ns, newer_ns = steps.all()
    trades = (part[(events["ev"][part] & KIND_MASK) == TRADE] for part in pieces(heard))
    return heard_ns, newer_ns[:, 0], together(trades, len(heard))


def _views(tape: Tape, heard: Integers) -> tuple[tuple[Integers, Integers], Best]:
    """Doubled mids at the exchange with their times, and the touch at the trader.

    He sees the same as the exchange, but later, when he hears the same.
    """
    events = tape.events
    sent, seen = depth_rows(events, _flagged(events, EXCHANGE)), depth_rows(events, heard)
    exchange, local = Steps(1, len(sent)), Steps(4, len(seen))
    same = _same(events, sent, seen)
    for places, states in touches(events, tape.instrument, sent):
        exchange.add(events["exch_ts"][sent[places]], _doubled(states)[:, None])
        if same:
            local.add(events["local_ts"][seen[places]], states)
    if not same:
        for places, states in touches(events, tape.instrument, seen):
            local.add(events["local_ts"][seen[places]], states)
    times_ns, doubled = exchange.all()
    return (times_ns, doubled[:, 0]), Best(*local.all())


def _same(events: Rows, one: Integers, other: Integers) -> bool:
    """Whether two orders tell the same changes; a late row is one at the exchange and one at the trader."""
    if len(one) != len(other):
        return False
    told = ~np.uint64(EXCHANGE | LOCAL)
    for mine, its in zip(pieces(one), pieces(other), strict=True):
        if not np.array_equal(mine, its):
            rows, others = events.take(mine, mode="clip"), events.take(its, mode="clip")
            flags = ((rows["ev"] ^ others["ev"]) & told).any()
            if flags or (rows["px"] != others["px"]).any() or (rows["qty"] != others["qty"]).any():
                return False
    return True


def _start(tape: Tape, local: Best) -> int:
    places = np.flatnonzero(_doubled(local.states) != _NO_MID)
    if len(places) == 0:
        raise BadTape(
            f"tape {tape.name}: the trader never sees a bid and an ask together; record or name another"
        )
    return int(local.times_ns[places[0]])


def _doubled(states: Integers) -> Integers:
    """Bid and ask ticks together, for states as in `Best`; _NO_MID where one of them is missing."""
    two_sided = (states[:, 0] != 0) & (states[:, 2] != 0)
    return np.where(two_sided, states[:, 0] + states[:, 2], _NO_MID)


def _mids(times_ns: Integers, doubled: Integers, tick: float) -> NDArray[np.void]:
    """When a two-sided book had another mid, and that mid in quote currency; dtype MID."""
    two_sided = np.flatnonzero(doubled != _NO_MID)
    other = two_sided[np.diff(doubled[two_sided], prepend=_NO_MID) != 0]
    mids = np.zeros(len(other), MID)
    mids["time_ns"] = times_ns[other]
    mids["mid"] = doubled[other] * tick / 2
    return mids


def _moves(best: Best) -> Integers:
    changes = np.diff(best.states[:, ::2], axis=0, prepend=0)
    moves_ns: Integers = best.times_ns[(changes != 0).any(axis=1)]
    return moves_ns


def _volatility(mids: NDArray[np.void], seconds: Integers) -> list[float]:
    """√ of the exponentially weighted mean of squared one-second mid changes, half-life 60 s, per second."""
    places = np.maximum(np.searchsorted(mids["time_ns"], seconds, side="right") - 1, 0)
    changes = np.diff(mids["mid"][places])
    decay = 0.5 ** (1 / HALF_LIFE_S)
    values = [0.0]
    total = weight = 0.0
    for change in changes.tolist():
        total = decay * total + change * change
        weight = decay * weight + 1.0
        values.append((total / weight) ** 0.5)
    return values


def _stream(channel: Channel) -> Stream:
    return Stream(
        singles(np.ascontiguousarray(channel.times_ns, np.int64)),
        singles(np.ascontiguousarray(channel.values, np.float64)),
    )
