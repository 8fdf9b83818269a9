"""Everything of a tape that an episode reads again and again, made once: both sides of a pair share it.

All of it is arrays, because a long tape as Python numbers would be many times its size.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.journal import MID
from alphaloop.market.tape import EVENT, EXCHANGE, KIND_MASK, LOCAL, TRADE, Channel, Rows, Tape
from alphaloop.simulation.best import Best, Integers, depth_rows, in_time, touches

SECOND_NS = 1_000_000_000
WARM_UP_S = 10
"""Seconds of book before a strategy is first asked: until then there is no volatility to tell it."""
HALF_LIFE_S = 60.0
_FOREVER_NS = 1 << 61


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
    the trader hears something, and the newest exchange time that he has heard of by then; trades: the rows
    that are trades, in the order in which he hears them; volatility[k]: k seconds after the start;
    engine_rows: what matching reads.
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
    engine_rows: Rows

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
    exchange, local = _views(tape)
    mids = _mids(exchange, tape.instrument.tick)
    start_ns = _start(tape, local)
    seconds = start_ns + SECOND_NS * np.arange((tape.end_ns - start_ns) // SECOND_NS + 1)
    heard_ns, sent_ns, trades = _news(tape.events)
    return Timeline(
        tape=tape,
        local=local,
        start_ns=start_ns,
        end_ns=tape.end_ns,
        mids=mids,
        mid_times_ns=singles(mids["time_ns"]),
        moves_ns=_moves(local),
        heard_ns=heard_ns,
        sent_ns=sent_ns,
        trades=trades,
        volatility=_volatility(_mids(local, tape.instrument.tick), seconds),
        streams={channel.name: _stream(channel) for channel in tape.channels},
        engine_rows=engine_rows(tape.events),
    )


def _views(tape: Tape) -> tuple[Best, Best]:
    """The touch at the exchange and at the trader, who sees the same but later when he hears the same."""
    events, orders = tape.events, (np.flatnonzero(tape.events["ev"] & EXCHANGE), _heard(tape.events))
    sent, seen = (depth_rows(events, order) for order in orders)
    places, states = touches(events, tape.instrument, sent)
    exchange = in_time(events["exch_ts"][sent[places]], states)
    if not _same(events, sent, seen):
        places, states = touches(events, tape.instrument, seen)
    return exchange, in_time(events["local_ts"][seen[places]], states)


def _heard(events: Rows) -> Integers:
    """The rows that the trader hears of, in the order of their arrival."""
    heard = np.flatnonzero(events["ev"] & LOCAL)
    arrived_ns = events["local_ts"][heard]
    if (arrived_ns[1:] < arrived_ns[:-1]).any():
        heard = heard[np.argsort(arrived_ns, kind="stable")]
    return heard


def _same(events: Rows, one: Integers, other: Integers) -> bool:
    """Whether two orders tell the same changes; a late row is one at the exchange and one at the trader."""
    if len(one) != len(other) or np.array_equal(one, other):
        return len(one) == len(other)
    told = ~np.uint64(EXCHANGE | LOCAL)
    columns = (events["ev"] & told, events["px"], events["qty"])
    return all(bool((column[one] == column[other]).all()) for column in columns)


def _news(events: Rows) -> tuple[Integers, Integers, Integers]:
    """heard_ns, sent_ns and trades of a timeline."""
    heard = _heard(events)
    arrived_ns = events["local_ts"][heard]
    last = np.append(arrived_ns[1:] != arrived_ns[:-1], True)[: len(heard)]
    sent_ns = np.maximum.accumulate(events["exch_ts"][heard])
    return arrived_ns[last], sent_ns[last], heard[(events["ev"][heard] & KIND_MASK) == TRADE]


def _two_sided(best: Best) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = (best.states[:, 0] != 0) & (best.states[:, 2] != 0)
    return there


def _start(tape: Tape, local: Best) -> int:
    places = np.flatnonzero(_two_sided(local))
    if len(places) == 0:
        raise BadTape(
            f"tape {tape.name}: the trader never sees a bid and an ask together; record or name another"
        )
    return int(local.times_ns[places[0]])


def _mids(best: Best, tick: float) -> NDArray[np.void]:
    """When a two-sided book had another mid, and that mid in quote currency; dtype MID."""
    two_sided = _two_sided(best)
    doubled = (best.states[:, 0] + best.states[:, 2])[two_sided]
    other = np.diff(doubled, prepend=0) != 0
    mids = np.zeros(int(other.sum()), MID)
    mids["time_ns"] = best.times_ns[two_sided][other]
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


def engine_rows(events: Rows) -> Rows:
    """What the exchange sees, without what only the trader sees, and with an end that is never reached.

    At the end of its rows the engine stops answering, also for orders that are still on their way.
    """
    at_exchange = np.flatnonzero(events["ev"] & EXCHANGE)
    made = np.zeros(len(at_exchange) + 1, EVENT)
    # Any other mode than clip goes through a second copy; no index is beyond the rows.
    events.take(at_exchange, out=made[:-1], mode="clip")
    made["ev"] &= ~np.uint64(LOCAL)
    made["ev"][-1] = TRADE | EXCHANGE
    made["exch_ts"][-1] = made["local_ts"][-1] = _FOREVER_NS
    return made


def _stream(channel: Channel) -> Stream:
    return Stream(
        singles(np.ascontiguousarray(channel.times_ns, np.int64)),
        singles(np.ascontiguousarray(channel.values, np.float64)),
    )
