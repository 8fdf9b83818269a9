"""hftbacktest's matching behind the Exchange port.

The engine is given only what the exchange sees.  So it wakes on nothing but order responses, market time
stops exactly at each receipt, and a stop costs one C call; what the trader sees comes from the timeline.
"""

from collections.abc import Sequence
from ctypes import string_at
from dataclasses import dataclass
from operator import attrgetter
from struct import Struct

import numpy as np

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.simulation.engine import load
from alphaloop.simulation.timeline import Timeline

# The engine keeps every order that ever was until it is told to forget those that ended.
_FORGET_EVERY = 1_024
# hftbacktest 2.4.4 forgets to end an order whose last fill is exactly what was left of it, and fails at the
# next trade there (its issue 312).  An order that is this many lots short is never exactly used up; lots are
# rounded.
_SHORT_LOTS = 1e-4
# leaves_qty, exch_timestamp, req, status at their offsets in the engine's order struct of 96 bytes.
_ORDER = Struct("<8xd32xq34xBB4x")
_ANSWERED, _TIMED_OUT = 3, 0
_NONE, _NEW, _EXPIRED, _CANCELED, _REJECTED = 0, 1, 2, 4, 6
_NEVER_RESTED = (_EXPIRED, _REJECTED)
_LIMIT, _POST_ONLY = 0, 1
# Looked up once: a member of an enumeration costs as much as a call.
_ACCEPTED, _REFUSED, _FILLED, _ENDED = Event
_BUY = Side.BUY
_ORDER_BYTES, _unpack = _ORDER.size, _ORDER.unpack
_matched = attrgetter("matched_ns")


@dataclass(slots=True)
class _Sent:
    order: int
    side: Side
    ticks: int
    lots: int
    accepted: bool = False
    cancelling: bool = False
    seen: bytes = b""


class BookExchange:
    """One asset with price-time priority, partial fills, and the tape's latencies; orders are post-only."""

    def __init__(self, made: Timeline) -> None:
        self.now_ns = made.start_ns
        self._engine = load()
        self._wait, self._now = self._engine.wait, self._engine.now
        self._end_ns = made.end_ns
        self._tick, self._lot = made.tape.instrument.tick, made.tape.instrument.lot
        # The engine reads these arrays through raw pointers for as long as it lives.
        self._rows = made.engine_rows
        self._latency = np.ascontiguousarray(made.tape.latency)
        self._pointer: int | None = self._build()
        self._orders = 0
        self._open: dict[int, _Sent] = {}
        self._ended = 0
        self._reports: list[Report] = []
        self._begin(made.start_ns)

    def advance(self, until_ns: int) -> bool:
        """As the port says; raises Broken when the engine fails."""
        now_ns, end_ns = self.now_ns, self._end_ns
        until_ns = min(until_ns, end_ns)
        if until_ns > now_ns and not self._reports:
            answer = self._wait(self._pointer, True, until_ns - now_ns)
            if answer == _TIMED_OUT:
                self.now_ns = until_ns
            elif answer == _ANSWERED:
                self.now_ns = self._now(self._pointer)
                self._collect()
            else:
                raise Broken(f"hftbacktest answered {answer} while waiting at {now_ns} ns; report this tape")
        return self.now_ns < end_ns

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        """As the port says; the order is post-only and good till cancelled."""
        send = self._engine.buy if side is _BUY else self._engine.sell
        price, size = ticks * self._tick, (lots - _SHORT_LOTS) * self._lot
        answer = send(self._pointer, 0, order, price, size, _POST_ONLY, _LIMIT, False)
        if answer:
            self._expect_zero(answer, "submitting", order)
        self._open[order] = _Sent(order, side, ticks, lots)

    def cancel(self, order: int) -> None:
        """As the port says; nothing is sent for an order that has ended."""
        sent = self._open.get(order)
        if sent is not None:
            self._expect_zero(self._engine.cancel(self._pointer, 0, order, False), "cancelling", order)
            sent.cancelling = True

    def reports(self) -> Sequence[Report]:
        """As the port says."""
        received, self._reports = self._reports, []
        return received

    def close(self) -> None:
        """As the port says; a second call does nothing."""
        if self._pointer is not None:
            self._engine.close(self._pointer)
            self._pointer = None

    def _build(self) -> int:
        asset = self._engine.module.BacktestAsset()
        asset._add_data_ndarray(self._rows.ctypes.data, len(self._rows))
        asset._intp_order_latency_ndarray(self._latency.ctypes.data, len(self._latency), 0)
        asset.linear_asset(1.0)
        asset.risk_adverse_queue_model()
        asset.partial_fill_exchange()
        asset.tick_size(self._tick)
        asset.lot_size(self._lot)
        asset.trading_value_fee_model(0.0, 0.0)
        asset.last_trades_capacity(0)
        return int(self._engine.module.build_hashmap_backtest([asset]))

    def _begin(self, start_ns: int) -> None:
        """Bring the engine, which starts at its first row, to the moment at which the trader starts."""
        self._expect_zero(self._engine.wait(self._pointer, True, 0), "starting", 0)
        self._orders = self._engine.orders(self._pointer, 0)
        ahead = start_ns - self._engine.now(self._pointer)
        if ahead > 0:
            self._expect_zero(self._engine.wait(self._pointer, True, ahead), "starting", 0)
        self.now_ns = self._engine.now(self._pointer)

    def _collect(self) -> None:
        """Compare every open order with what the engine now says of it, and report the differences."""
        look_up, orders = self._engine.order, self._orders
        for sent in tuple(self._open.values()):
            address = look_up(orders, sent.order)
            if not address:
                raise Broken(f"hftbacktest forgot order {sent.order} at {self.now_ns} ns; report this tape")
            seen = string_at(address, _ORDER_BYTES)
            if seen != sent.seen:
                sent.seen = seen
                self._compare(sent, *_unpack(seen))
        if self._ended >= _FORGET_EVERY:
            self._engine.forget(self._pointer, 0)
            self._ended = 0
        if len(self._reports) > 1:
            self._reports.sort(key=_matched)

    def _compare(self, sent: _Sent, left: float, matched_ns: int, request: int, status: int) -> None:
        """Report what is new of one order; `left` is what the engine says is left of it, in base units."""
        if status in _NEVER_RESTED:
            self._end(sent, _REFUSED, matched_ns)
            return
        leaves = round(left / self._lot)
        if not sent.accepted and (request != _NEW or leaves < sent.lots):
            sent.accepted = True
            self._report(sent, _ACCEPTED, sent.lots, matched_ns)
        if leaves < sent.lots:
            self._report(sent, _FILLED, sent.lots - leaves, matched_ns)
            sent.lots = leaves
        elif sent.cancelling and request == _NONE and status != _CANCELED:
            # The cancel never arrived: the order rests as before, and may be cancelled again.
            sent.cancelling = False
            self._report(sent, _ACCEPTED, sent.lots, matched_ns)
        if status == _CANCELED:
            self._end(sent, _ENDED, matched_ns)
        elif leaves == 0:
            del self._open[sent.order]

    def _end(self, sent: _Sent, event: Event, matched_ns: int) -> None:
        # An order that a dead connection rejects never reached the exchange, and has no exchange time.
        self._report(sent, event, sent.lots, matched_ns or self.now_ns)
        self._ended += 1
        del self._open[sent.order]

    def _report(self, sent: _Sent, event: Event, lots: int, matched_ns: int) -> None:
        self._reports.append(Report(sent.order, event, sent.side, sent.ticks, lots, matched_ns, self.now_ns))

    def _expect_zero(self, answer: int, doing: str, order: int) -> None:
        if answer != 0:
            raise Broken(f"hftbacktest answered {answer} when {doing} order {order} at {self.now_ns} ns")
