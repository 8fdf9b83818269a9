"""What happened in an episode, written down while it happens."""

import hashlib
from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.order import Refusal, Report
from alphaloop.market.journal import CANCEL, FILL, FUNDING, MARK, ORDER, SUBMIT
from alphaloop.trading.account import Account
from alphaloop.trading.plan import Open

_FILL = 3
"""Beside SUBMIT and CANCEL, the third kind of thing that the digest is made of."""


class Record:
    """Fills, marks and the integers that the digest is made of; nothing in it comes from a wall clock."""

    def __init__(self) -> None:
        self.messages = 0
        self.orders_filled: set[int] = set()
        self._fills: list[tuple[float, ...]] = []
        self._marks: list[tuple[float, ...]] = []
        self._orders: list[tuple[int, ...]] = []
        self._funding: list[tuple[float, ...]] = []
        self._digested = array("q")

    def submit(self, time_ns: int, order: Open) -> None:
        """An order was handed to the exchange."""
        self.messages += 1
        self._orders.append((time_ns, order.order, SUBMIT, order.side, order.ticks, order.lots))
        self._digested.extend((SUBMIT, time_ns, order.order, order.side, order.ticks, order.lots))

    def cancel(self, time_ns: int, order: Open) -> None:
        """A cancel was handed to the exchange."""
        self.messages += 1
        self._orders.append((time_ns, order.order, CANCEL, order.side, order.ticks, order.lots))
        self._digested.extend((CANCEL, time_ns, order.order))

    def fill(self, report: Report, mid: float, decision_mid: float, fee: float) -> None:
        """A fill was received."""
        self.orders_filled.add(report.order)
        seen = (report.matched_ns, report.received_ns, int(report.side), report.ticks, report.lots)
        self._fills.append((report.order, *seen, mid, decision_mid, fee))
        self._digested.extend((_FILL, report.order, *seen))

    def settle(self, time_ns: int, rate: float, price: float, received: float) -> None:
        """Funding was paid or received."""
        self._funding.append((time_ns, rate, price, received))

    def mark(self, time_ns: int, account: Account) -> None:
        """The account as it stands; nothing before its first mark."""
        if account.mark is not None:
            self._marks.append((time_ns, account.mark, account.position_lots, account.equity))

    @property
    def fills(self) -> NDArray[Any]:
        """All fills, dtype FILL."""
        return np.array(self._fills, FILL)

    @property
    def orders(self) -> NDArray[Any]:
        """All messages, dtype ORDER."""
        return np.array(self._orders, ORDER)

    @property
    def funding(self) -> NDArray[Any]:
        """All settlements, dtype FUNDING."""
        return np.array(self._funding, FUNDING)

    @property
    def marks(self) -> NDArray[Any]:
        """All marks, dtype MARK."""
        return np.array(self._marks, MARK)

    def digest(self, refusals: Sequence[Refusal]) -> str:
        """SHA-256 over times, ticks and lots of every order, cancel and fill, and over every refusal."""
        body = hashlib.sha256(self._digested.tobytes())
        for refusal in refusals:
            body.update(f"{refusal.rule} {refusal.cause} {refusal.time_ns}\n".encode())
        return f"sha256:{body.hexdigest()}"
