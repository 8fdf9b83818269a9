"""Orders kept by functions that numba compiles: Python hands quotes over, and hears of decisions alone."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hftbacktest import CANCELED, EXPIRED, GTX, LIMIT
from numba import njit

from alphaloop.contract import Quote
from alphaloop.market.tape import Tape
from parts.in_process import ENDED, Seen

REJECTED = 6
SLOTS = 16
# An order that is exactly used up trips hftbacktest's issue 312; a hair less than a lot is the same lot.
SHORT_LOTS = 1e-4
# Columns of an order and of a want: side (0: an empty slot), ticks, lots; and an order's number.
SIDE, TICKS, LOTS, NUMBER = 0, 1, 2, 3
# Columns of the tally.
POSITION, SUBMITTED, MESSAGES, FILLS, WANTED = 0, 1, 2, 3, 4
# Places of the steps.
TICK, LOT = 0, 1


class CompiledOrders:
    """A keeper; see the protocol."""

    def __init__(self, hbt: Any, tape: Tape) -> None:
        self._hbt = hbt
        self._quotes = np.zeros((SLOTS, 3))
        self._tally = np.zeros(5, np.int64)
        tables = (np.zeros((SLOTS, 4), np.int64), np.zeros((SLOTS, 3), np.int64))
        self._desk = (*tables, self._tally, np.array([tape.instrument.tick, tape.instrument.lot]))

    @property
    def position_lots(self) -> int:
        return int(self._tally[POSITION])

    @property
    def messages(self) -> int:
        return int(self._tally[MESSAGES])

    @property
    def fills(self) -> int:
        return int(self._tally[FILLS])

    def run_to(self, until_ns: int, bid: int, ask: int) -> Seen:
        return Seen(*_run_to(self._hbt, until_ns, bid, ask, *self._desk))

    def want(self, quotes: Sequence[Quote]) -> None:
        for place, quote in enumerate(quotes):
            self._quotes[place] = (1.0 if quote.side == "buy" else -1.0, quote.price, quote.size)
        _want(self._hbt, self._quotes, len(quotes), *self._desk)


@njit
def _run_to(hbt, until_ns, bid, ask, open_, wants, tally, steps):  # type: ignore[no-untyped-def]
    depth = hbt.depth(0)
    held = tally[POSITION]
    while True:
        ahead = until_ns - hbt.current_timestamp
        answer = hbt.wait_next_feed(True, ahead) if ahead > 0 else 0
        if answer == 1:
            return ENDED, 0, 0, 0.0, 0.0
        if answer == 2:
            # All rows of one instant are one change.
            hbt.elapse(0)
        if answer == 3:
            _settle(hbt, open_, tally, steps)
            _work(hbt, open_, wants, tally, steps)
        bids, asks = depth.best_bid_tick, depth.best_ask_tick
        if answer == 0 or bids != bid or asks != ask or tally[POSITION] != held:
            return hbt.current_timestamp, bids, asks, depth.best_bid_qty, depth.best_ask_qty


@njit
def _want(hbt, quotes, count, open_, wants, tally, steps):  # type: ignore[no-untyped-def]
    """Round passively: a buy down and a sell up to the tick, the size down to the lot."""
    for place in range(count):
        side = quotes[place, 0]
        ticks = quotes[place, 1] / steps[TICK]
        wants[place, SIDE] = side
        wants[place, TICKS] = math.floor(ticks + 1e-6) if side > 0 else math.ceil(ticks - 1e-6)
        wants[place, LOTS] = math.floor(quotes[place, 2] / steps[LOT] + 1e-6)
    tally[WANTED] = count
    _work(hbt, open_, wants, tally, steps)


@njit
def _settle(hbt, open_, tally, steps):  # type: ignore[no-untyped-def]
    """Take in fills and ends.  hftbacktest's own position is wrong after partial fills."""
    orders = hbt.orders(0)
    for place in range(SLOTS):
        if open_[place, SIDE] == 0:
            continue
        order = orders.get(open_[place, NUMBER])
        left = round(order.leaves_qty / steps[LOT])
        if left < open_[place, LOTS]:
            tally[POSITION] += open_[place, SIDE] * (open_[place, LOTS] - left)
            tally[FILLS] += 1
            open_[place, LOTS] = left
        if left == 0 or order.status in (EXPIRED, REJECTED, CANCELED):
            open_[place, SIDE] = 0
    hbt.clear_inactive_orders(0)


@njit
def _work(hbt, open_, wants, tally, steps):  # type: ignore[no-untyped-def]
    """Cancel what is not wanted any more; submit what is missing on a side that nothing is leaving."""
    orders = hbt.orders(0)
    met = 0
    leaving_buys = leaving_sells = False
    for place in range(SLOTS):
        side = open_[place, SIDE]
        if side == 0:
            continue
        order = orders.get(open_[place, NUMBER])
        kept = -1 if order.req == CANCELED else _match(open_[place], wants, tally[WANTED], met)
        if kept >= 0:
            met |= 1 << kept
            continue
        leaving_buys |= side > 0
        leaving_sells |= side < 0
        if order.cancellable:
            hbt.cancel(0, open_[place, NUMBER], False)
            tally[MESSAGES] += 1
    for index in range(tally[WANTED]):
        waits = leaving_buys if wants[index, SIDE] > 0 else leaving_sells
        if not waits and not met & 1 << index and wants[index, LOTS] > 0:
            _submit(hbt, wants[index], open_, tally, steps)


@njit
def _match(order, wants, count, met):  # type: ignore[no-untyped-def]
    """The want that an order meets, or -1."""
    for index in range(count):
        same = wants[index, SIDE] == order[SIDE] and wants[index, TICKS] == order[TICKS]
        if same and not met & 1 << index and wants[index, LOTS] <= order[LOTS]:
            return index
    return -1


@njit
def _submit(hbt, wanted, open_, tally, steps):  # type: ignore[no-untyped-def]
    """Send one order, and remember it in a free slot."""
    place = 0
    while open_[place, SIDE] != 0:
        place += 1
    tally[SUBMITTED] += 1
    tally[MESSAGES] += 1
    open_[place, :3] = wanted
    open_[place, NUMBER] = tally[SUBMITTED]
    price, size = wanted[TICKS] * steps[TICK], (wanted[LOTS] - SHORT_LOTS) * steps[LOT]
    if wanted[SIDE] > 0:
        hbt.submit_buy_order(0, tally[SUBMITTED], price, size, GTX, LIMIT, False)
    else:
        hbt.submit_sell_order(0, tally[SUBMITTED], price, size, GTX, LIMIT, False)
