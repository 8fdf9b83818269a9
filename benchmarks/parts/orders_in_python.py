"""Orders kept in Python, which calls compiled functions to let time pass, to read and to send."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hftbacktest import CANCELED, EXPIRED, GTX, LIMIT
from numba import njit

from alphaloop.contract import Quote
from alphaloop.market.tape import Tape
from parts.in_process import ENDED, Seen

REJECTED, RESPONSE = 6, 3
# An order that is exactly used up trips hftbacktest's issue 312; a hair less than a lot is the same lot.
SHORT_LOTS = 1e-4


@dataclass(slots=True)
class Resting:
    """An open order."""

    number: int
    side: int
    ticks: int
    lots: int
    leaving: bool = False


class PythonOrders:
    """A keeper; see the protocol."""

    def __init__(self, hbt: Any, tape: Tape) -> None:
        self._hbt = hbt
        self._tick, self._lot = tape.instrument.tick, tape.instrument.lot
        self._open: list[Resting] = []
        self._wants: list[tuple[int, int, int]] = []
        self._submitted = 0
        self.position_lots = self.messages = self.fills = 0

    def run_to(self, until_ns: int, bid: int, ask: int) -> Seen:
        held = self.position_lots
        while True:
            answer, *seen = _until(self._hbt, until_ns, bid, ask)
            if answer == RESPONSE:
                self._settle()
                self._work()
            if answer != RESPONSE or self.position_lots != held or (seen[1], seen[2]) != (bid, ask):
                return Seen(*seen)

    def want(self, quotes: Sequence[Quote]) -> None:
        self._wants = [self._rounded(quote) for quote in quotes]
        self._work()

    def _rounded(self, quote: Quote) -> tuple[int, int, int]:
        ticks, lots = quote.price / self._tick, math.floor(quote.size / self._lot + 1e-6)
        if quote.side == "buy":
            return 1, math.floor(ticks + 1e-6), lots
        return -1, math.ceil(ticks - 1e-6), lots

    def _settle(self) -> None:
        """Take in fills and ends.  hftbacktest's own position is wrong after partial fills."""
        for order in list(self._open):
            leaves, status = _state(self._hbt, order.number)
            left = round(leaves / self._lot)
            if left < order.lots:
                self.position_lots += order.side * (order.lots - left)
                self.fills += 1
                order.lots = left
            if left == 0 or status in (EXPIRED, REJECTED, CANCELED):
                self._open.remove(order)
        self._hbt.clear_inactive_orders(0)

    def _work(self) -> None:
        """Cancel what is not wanted any more; submit what is missing on a side that nothing is leaving."""
        missing, leaving = list(self._wants), set()
        for order in self._open:
            kept = next((want for want in missing if self._meets(order, want)), None)
            if kept is not None:
                missing.remove(kept)
                continue
            leaving.add(order.side)
            if not order.leaving and _cancel(self._hbt, order.number):
                order.leaving = True
                self.messages += 1
        for side, ticks, lots in missing:
            if side not in leaving and lots > 0:
                self._submit(side, ticks, lots)

    def _meets(self, order: Resting, want: tuple[int, int, int]) -> bool:
        return not order.leaving and want[:2] == (order.side, order.ticks) and want[2] <= order.lots

    def _submit(self, side: int, ticks: int, lots: int) -> None:
        self._submitted += 1
        self.messages += 1
        _send(self._hbt, self._submitted, side, ticks * self._tick, (lots - SHORT_LOTS) * self._lot)
        self._open.append(Resting(self._submitted, side, ticks, lots))


@njit
def _until(hbt, until_ns, bid, ask):  # type: ignore[no-untyped-def]
    """Let time pass to `until_ns`, another best price or a response: why, when, and the market then."""
    depth = hbt.depth(0)
    while True:
        ahead = until_ns - hbt.current_timestamp
        answer = hbt.wait_next_feed(True, ahead) if ahead > 0 else 0
        if answer == 1:
            return 1, ENDED, 0, 0, 0.0, 0.0
        if answer == 2:
            # All rows of one instant are one change.
            hbt.elapse(0)
        bids, asks = depth.best_bid_tick, depth.best_ask_tick
        if answer != 2 or bids != bid or asks != ask:
            return answer, hbt.current_timestamp, bids, asks, depth.best_bid_qty, depth.best_ask_qty


@njit
def _state(hbt, number):  # type: ignore[no-untyped-def]
    order = hbt.orders(0).get(number)
    return order.leaves_qty, order.status


@njit
def _cancel(hbt, number):  # type: ignore[no-untyped-def]
    """Ask for a cancel; whether that could be done, which it cannot before the order is acknowledged."""
    if not hbt.orders(0).get(number).cancellable:
        return False
    hbt.cancel(0, number, False)
    return True


@njit
def _send(hbt, number, side, price, size):  # type: ignore[no-untyped-def]
    if side > 0:
        hbt.submit_buy_order(0, number, price, size, GTX, LIMIT, False)
    else:
        hbt.submit_sell_order(0, number, price, size, GTX, LIMIT, False)
