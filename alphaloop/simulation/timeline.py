"""Everything of a tape that an episode reads again and again, made once: both sides of a pair share it."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.contract import Trade
from alphaloop.errors import BadTape
from alphaloop.market.journal import MID
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, LOCAL, TRADE, Channel, Rows, Tape
from alphaloop.simulation.best import Best, in_time, touches

SECOND_NS = 1_000_000_000
WARM_UP_S = 10
"""Seconds of book before a strategy is first asked: until then there is no volatility to tell it."""
HALF_LIFE_S = 60.0


@dataclass(frozen=True, slots=True)
class Stream:
    """A side channel in lists."""

    times_ns: list[int]
    values: list[float]

    def at(self, time_ns: int) -> float | None:
        """The value that holds at a time, None before the first."""
        index = bisect_right(self.times_ns, time_ns) - 1
        return self.values[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A tape prepared for play.

    local and exchange: the touch as each side sees it; start_ns: the first two-sided book at the trader;
    mids: dtype MID, at the exchange; moves_ns: when the trader sees another best price; heard_ns and sent_ns:
    for every instant at which the trader hears something, that instant and the newest exchange time it had
    heard of by then; volatility[k]: k seconds after the start; exchange_rows: what matching reads.
    """

    tape: Tape
    local: Best
    exchange: Best
    start_ns: int
    end_ns: int
    mids: NDArray[np.void]
    mid_times_ns: list[int]
    mid_values: list[float]
    moves_ns: list[int]
    heard_ns: list[int]
    sent_ns: list[int]
    trades_ns: list[int]
    trades: list[Trade]
    volatility: list[float]
    streams: dict[str, Stream]
    exchange_rows: Rows

    def mid_at(self, time_ns: int) -> float | None:
        """The mid at the exchange, None before its first two-sided book."""
        index = bisect_right(self.mid_times_ns, time_ns) - 1
        return self.mid_values[index] if index >= 0 else None


_MADE: deque[Timeline] = deque(maxlen=2)


def timeline(tape: Tape) -> Timeline:
    """The timeline of a tape, kept for the last two; raises BadTape when there is never a two-sided book."""
    for made in _MADE:
        if made.tape is tape:
            return made
    made = _make(tape)
    _MADE.append(made)
    return made


def _make(tape: Tape) -> Timeline:
    events = tape.events
    at_exchange = events[(events["ev"] & EXCHANGE) != 0]
    heard = events[(events["ev"] & LOCAL) != 0]
    heard = heard[np.argsort(heard["local_ts"], kind="stable")]
    exchange, local = _views(tape, at_exchange, heard)
    mid_times, mid_values = _mids(exchange, tape.instrument.tick)
    start_ns = _start(tape, local)
    trades = heard[(heard["ev"] & KIND_MASK) == TRADE]
    seconds = start_ns + SECOND_NS * np.arange((tape.end_ns - start_ns) // SECOND_NS + 1)
    return Timeline(
        tape=tape,
        local=local,
        exchange=exchange,
        start_ns=start_ns,
        end_ns=tape.end_ns,
        mids=np.array(list(zip(mid_times, mid_values, strict=True)), MID),
        mid_times_ns=mid_times,
        mid_values=mid_values,
        moves_ns=_moves(local),
        heard_ns=heard["local_ts"].tolist(),
        sent_ns=np.maximum.accumulate(heard["exch_ts"]).tolist(),
        trades_ns=trades["local_ts"].tolist(),
        trades=[_trade(row) for row in trades[["ev", "px", "qty", "local_ts"]].tolist()],
        volatility=_volatility(*_mids(local, tape.instrument.tick), seconds),
        streams={channel.name: _stream(channel) for channel in tape.channels},
        exchange_rows=at_exchange,
    )


def _views(tape: Tape, at_exchange: Rows, heard: Rows) -> tuple[Best, Best]:
    """The touch at the exchange and at the trader, who sees the same but later when he hears every row."""
    places, states = touches(at_exchange, tape.instrument)
    exchange = in_time(at_exchange["exch_ts"][places], states)
    if len(heard) != len(at_exchange) or (heard[["ev", "exch_ts"]] != at_exchange[["ev", "exch_ts"]]).any():
        places, states = touches(heard, tape.instrument)
    return exchange, in_time(heard["local_ts"][places], states)


def _start(tape: Tape, local: Best) -> int:
    for time_ns, (bid, _, ask, _) in zip(local.times_ns, local.states, strict=True):
        if bid and ask:
            return time_ns
    raise BadTape(
        f"tape {tape.name}: the trader never sees a bid and an ask together; record or name another"
    )


def _mids(best: Best, tick: float) -> tuple[list[int], list[float]]:
    """When a two-sided book had another mid, and that mid in quote currency."""
    times: list[int] = []
    values: list[float] = []
    last = 0
    for time_ns, (bid, _, ask, _) in zip(best.times_ns, best.states, strict=True):
        if bid and ask and bid + ask != last:
            last = bid + ask
            times.append(time_ns)
            values.append(last * tick / 2)
    return times, values


def _moves(best: Best) -> list[int]:
    moves: list[int] = []
    last = (0, 0)
    for time_ns, (bid, _, ask, _) in zip(best.times_ns, best.states, strict=True):
        if (bid, ask) != last:
            last = (bid, ask)
            moves.append(time_ns)
    return moves


def _trade(row: tuple[int, float, float, int]) -> Trade:
    ev, price, size, local_ns = row
    return Trade("buy" if ev & BUY else "sell", price, size, local_ns * 1e-9)


def _volatility(times_ns: list[int], mids: list[float], seconds: NDArray[np.int64]) -> list[float]:
    """√ of the exponentially weighted mean of squared one-second mid changes, half-life 60 s, per second."""
    places = np.maximum(np.searchsorted(times_ns, seconds, side="right") - 1, 0)
    changes = np.diff(np.asarray(mids)[places])
    decay = 0.5 ** (1 / HALF_LIFE_S)
    values = [0.0]
    total = weight = 0.0
    for change in changes.tolist():
        total = decay * total + change * change
        weight = decay * weight + 1.0
        values.append((total / weight) ** 0.5)
    return values


def _stream(channel: Channel) -> Stream:
    return Stream(channel.times_ns.tolist(), channel.values.tolist())
