"""The peer of a tournament: hftbacktest driven in this process by a Python strategy.

The strategy is asked at the same moments with the same Book, and its quotes become post-only orders by the
same rule: one that is still wanted keeps its place, a replacement waits until the cancel is acknowledged.
There is no isolation, no risk engine, no account and no record of anything.  Who keeps the orders is given:
`orders_compiled` or `orders_in_python`.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from hftbacktest import BacktestAsset, HashMapMarketDepthBacktest

from alphaloop.contract import Book, Quote
from alphaloop.market.tape import Tape

SECOND_NS, SILENCE_NS, WARM_UP_S = 1_000_000_000, 100_000_000, 10
DECAY = 0.5 ** (1 / 60.0)
ENDED = -1

OnBook = Callable[[Book], list[Quote]]


class Seen(NamedTuple):
    """The market at one moment: market time in ns or ENDED, ticks, and sizes in base units."""

    now_ns: int
    bid: int
    ask: int
    bid_size: float
    ask_size: float


class Keeper(Protocol):
    """Keeps the orders; position_lots, messages and fills tell what became of them."""

    position_lots: int
    messages: int
    fills: int

    def run_to(self, until_ns: int, bid: int, ask: int) -> Seen:
        """Let market time pass to `until_ns`, or until best price or position are others."""

    def want(self, quotes: Sequence[Quote]) -> None:
        """Replace what is wanted, and send what brings the orders to it."""


class Played(NamedTuple):
    """What an episode came to."""

    decisions: int
    messages: int
    fills: int


def engine(tape: Tape) -> Any:
    """The engine with the models that we use, through its public interface."""
    asset = BacktestAsset()
    asset.data(tape.events).intp_order_latency(tape.latency)
    asset.linear_asset(1.0).risk_adverse_queue_model().partial_fill_exchange()
    asset.tick_size(tape.instrument.tick).lot_size(tape.instrument.lot)
    asset.trading_value_fee_model(0.0, 0.0).last_trades_capacity(0)
    return HashMapMarketDepthBacktest([asset])


def play_in_process(
    on_book: OnBook, tape: Tape, start_ns: int, keeper: Callable[[Any, Tape], Keeper]
) -> Played:
    """One episode; start_ns: when the trader first sees both sides."""
    hbt = engine(tape)
    try:
        # The first wait only brings the engine to its first row.
        hbt.wait_next_feed(False, 1)
        hbt.elapse(start_ns - hbt.current_timestamp)
        orders = keeper(hbt, tape)
        decisions = _run(orders, on_book, tape, start_ns)
        return Played(decisions, orders.messages, orders.fills)
    finally:
        hbt.close()


def _run(orders: Keeper, on_book: OnBook, tape: Tape, start_ns: int) -> int:
    tick, lot = tape.instrument.tick, tape.instrument.lot
    second_ns, first_ns, asked_ns = start_ns + SECOND_NS, start_ns + WARM_UP_S * SECOND_NS, 0
    seen = orders.run_to(start_ns, 0, 0)
    last, total, weight, volatility = (seen.bid + seen.ask) * tick / 2, 0.0, 0.0, 0.0
    asked, decisions = (0, 0, 0), 0
    while True:
        due_ns = second_ns if seen.now_ns < first_ns else min(second_ns, asked_ns + SILENCE_NS)
        seen = orders.run_to(due_ns, seen.bid, seen.ask)
        now_ns, bid, ask, bid_size, ask_size = seen
        if now_ns == ENDED:
            return decisions
        mid = (bid + ask) * tick / 2
        if now_ns >= second_ns:
            total, weight = DECAY * total + (mid - last) ** 2, DECAY * weight + 1
            last, volatility = mid, math.sqrt(total / weight)
            second_ns += SECOND_NS
        state = (bid, ask, orders.position_lots)
        if now_ns < first_ns or (state == asked and now_ns - asked_ns < SILENCE_NS):
            continue
        asked, asked_ns, decisions = state, now_ns, decisions + 1
        position = orders.position_lots * lot
        book = Book(now_ns * 1e-9, bid * tick, ask * tick, bid_size, ask_size, mid, position, volatility)
        orders.want(on_book(book))
