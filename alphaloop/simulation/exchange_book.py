"""hftbacktest's matching behind the Exchange port.

The engine is given only what the exchange sees.  So it wakes on nothing but order responses, market time
stops exactly at each receipt, and a stop costs one C call; what the trader sees comes from the timeline.
"""

from collections.abc import Sequence
from ctypes import c_bool, c_uint8, c_uint64, c_void_p
from struct import Struct
from typing import Final

import numpy as np

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.simulation.engine import load
from alphaloop.simulation.feed import Feed
from alphaloop.simulation.timeline import Timeline

# The engine keeps every order that ever was until it is told to forget those that ended.
_FORGET_EVERY: Final = 1_024
# hftbacktest 2.4.4 forgets to end an order whose last fill is exactly what was left of it, and fails at the
# next trade there (its issue 312).  An order that is this many lots short is never exactly used up; lots are
# rounded.
_SHORT_LOTS: Final = 1e-4
# leaves_qty, exch_timestamp, req, status at their offsets in the engine's order struct of 96 bytes.
_ORDER: Final = Struct("<8xd32xq34xBB4x")
_ORDER_BYTES: Final = 96
_unpack: Final = _ORDER.unpack
_ANSWERED: Final = 3
_TIMED_OUT: Final = 0
_NONE: Final = 0
_NEW: Final = 1
_EXPIRED: Final = 2
_CANCELED: Final = 4
_REJECTED: Final = 6
# Arguments of every call, made once: of a Python number ctypes makes one each time.
_ASSET: Final = c_uint64(0)
_LIMIT: Final = c_uint8(0)
_POST_ONLY: Final = c_uint8(1)
_ON_RESPONSE: Final = c_bool(True)
_AT_ONCE: Final = c_bool(False)
# Looked up once: a member of an enumeration costs as much as a call.
_ACCEPTED: Final = Event.ACCEPTED
_REFUSED: Final = Event.REJECTED
_FILLED: Final = Event.FILLED
_ENDED: Final = Event.CANCELED
_BUY: Final = Side.BUY


class _Sent:
    """An order that the engine has; seen: what it last said of it."""

    __slots__ = ("accepted", "cancelling", "lots", "order", "seen", "side", "ticks")

    def __init__(self, order: int, side: Side, ticks: int, lots: int) -> None:
        self.order: Final = order
        self.side: Final = side
        self.ticks: Final = ticks
        self.lots = lots
        self.accepted = self.cancelling = False
        self.seen = b""


class BookExchange:
    """One asset with price-time priority, partial fills, and the tape's latencies; orders are post-only."""

    def __init__(self, made: Timeline) -> None:
        self.now_ns = made.start_ns
        self._engine = load()
        # Looked up once: these are called at every stop.
        engine = self._engine
        self._wait, self._now, self._look_up, self._copied = (
            engine.wait,
            engine.now,
            engine.order,
            engine.copied,
        )
        self._end_ns = made.end_ns
        self._tick, self._lot = made.tape.instrument.tick, made.tape.instrument.lot
        # The engine reads these arrays through raw pointers for as long as it lives.
        self._feed, self._unready_ns = Feed(made.tape.events), 0
        self._latency = np.ascontiguousarray(made.tape.latency)
        self._pointer: c_void_p | None = self._build()
        self._orders = c_void_p()
        self._open: dict[int, _Sent] = {}
        self._ended = 0
        self._reports: list[Report] = []
        self._begin(made.start_ns)

    def advance(self, until_ns: int) -> bool:
        """As the port says; raises Broken when the engine fails."""
        now_ns, end_ns = self.now_ns, self._end_ns
        until_ns = min(until_ns, end_ns)
        if until_ns > now_ns and not self._reports:
            if until_ns >= self._unready_ns:
                self._unready_ns = self._feed.go_on(now_ns, until_ns)
            answer: int = self._wait(self._pointer, _ON_RESPONSE, until_ns - now_ns)
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
        answer: int = send(self._pointer, _ASSET, order, price, size, _POST_ONLY, _LIMIT, _AT_ONCE)
        if answer:
            self._expect_zero(answer, "submitting", order)
        self._open[order] = _Sent(order, side, ticks, lots)

    def cancel(self, order: int) -> None:
        """As the port says; nothing is sent for an order that has ended."""
        sent = self._open.get(order)
        if sent is not None:
            answer: int = self._engine.cancel(self._pointer, _ASSET, order, _AT_ONCE)
            if answer:
                self._expect_zero(answer, "cancelling", order)
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

    def _build(self) -> c_void_p:
        asset = self._engine.module.BacktestAsset()
        asset._add_data_ndarray(self._feed.address, self._feed.length)
        asset._intp_order_latency_ndarray(self._latency.ctypes.data, len(self._latency), 0)
        asset.linear_asset(1.0)
        asset.risk_adverse_queue_model()
        asset.partial_fill_exchange()
        asset.tick_size(self._tick)
        asset.lot_size(self._lot)
        asset.trading_value_fee_model(0.0, 0.0)
        asset.last_trades_capacity(0)
        return c_void_p(self._engine.module.build_hashmap_backtest([asset]))

    def _begin(self, start_ns: int) -> None:
        """Bring the engine, which starts at its first row, to the moment at which the trader starts."""
        self._unready_ns = self._feed.begin(start_ns)
        self._expect_zero(self._engine.wait(self._pointer, _ON_RESPONSE, 0), "starting", 0)
        self._orders = c_void_p(self._engine.orders(self._pointer, _ASSET))
        ahead = start_ns - self._engine.now(self._pointer)
        if ahead > 0:
            self._expect_zero(self._engine.wait(self._pointer, _ON_RESPONSE, ahead), "starting", 0)
        self.now_ns = self._engine.now(self._pointer)

    def _collect(self) -> None:
        """Compare every open order with what the engine now says of it, and report the differences."""
        for sent in list(self._open.values()):
            address = self._look_up(self._orders, sent.order)
            if not address:
                raise Broken(f"hftbacktest forgot order {sent.order} at {self.now_ns} ns; report this tape")
            seen: bytes = self._copied(address, _ORDER_BYTES)
            if seen != sent.seen:
                sent.seen = seen
                left, matched_ns, request, status = _unpack(seen)
                self._compare(sent, left, matched_ns, request, status)
        if self._ended >= _FORGET_EVERY:
            self._engine.forget(self._pointer, _ASSET)
            self._ended = 0
        if len(self._reports) > 1:
            self._reports.sort(key=lambda report: report.matched_ns)

    def _compare(self, sent: _Sent, left: float, matched_ns: int, request: int, status: int) -> None:
        """Report what is new of one order; `left` is what the engine says is left of it, in base units."""
        if status in (_EXPIRED, _REJECTED):
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
