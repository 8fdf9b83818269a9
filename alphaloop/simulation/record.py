"""What happened in an episode, written down while it happens.

Rows are packed into bytes as they come: as Python numbers an hour of quoting would be larger than its tape.
"""

import hashlib
from array import array
from collections.abc import Sequence
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.order import Refusal, Report
from alphaloop.market.journal import CANCEL, FILL, FUNDING, MARK, ORDER, REJECT, SUBMIT
from alphaloop.trading.account import Account
from alphaloop.trading.plan import Open

_FILL = 3
"""Beside SUBMIT and CANCEL, the third kind of thing that the digest is made of."""
_DIGEST_AT_ONCE = 4_096
# The dtypes of the journal, byte for byte.
_FILLS, _MARKS, _ORDERS, _FUNDINGS = Struct("=6q3d"), Struct("=qdqd"), Struct("=6q"), Struct("=q3d")


class Record:
    """Fills, marks and the integers that the digest is made of; nothing in it comes from a wall clock."""

    def __init__(self) -> None:
        self._fills, self._marks, self._orders, self._funding = (bytearray() for _ in range(4))
        self._digested = array("q")
        self._body = hashlib.sha256()

    def submit(self, time_ns: int, order: Open) -> None:
        """An order was handed to the exchange."""
        self._orders += _ORDERS.pack(time_ns, order.order, SUBMIT, order.side, order.ticks, order.lots)
        self._digest(SUBMIT, time_ns, order.order, order.side, order.ticks, order.lots)

    def cancel(self, time_ns: int, order: Open) -> None:
        """A cancel was handed to the exchange."""
        self._orders += _ORDERS.pack(time_ns, order.order, CANCEL, order.side, order.ticks, order.lots)
        self._digest(CANCEL, time_ns, order.order)

    def reject(self, report: Report) -> None:
        """An order was refused; not in the digest, because what was sent and filled tells it."""
        refused = (report.order, REJECT, int(report.side), report.ticks, report.lots)
        self._orders += _ORDERS.pack(report.received_ns, *refused)

    def fill(self, report: Report, mid: float, decision_mid: float, fee: float) -> None:
        """A fill was received."""
        seen = (report.matched_ns, report.received_ns, int(report.side), report.ticks, report.lots)
        self._fills += _FILLS.pack(report.order, *seen, mid, decision_mid, fee)
        self._digest(_FILL, report.order, *seen)

    def settle(self, time_ns: int, rate: float, price: float, received: float) -> None:
        """Funding was paid or received."""
        self._funding += _FUNDINGS.pack(time_ns, rate, price, received)

    def mark(self, time_ns: int, account: Account) -> None:
        """The account as it stands; nothing before its first mark."""
        if account.mark is not None:
            self._marks += _MARKS.pack(time_ns, account.mark, account.position_lots, account.equity)

    @property
    def fills(self) -> NDArray[Any]:
        """All fills, dtype FILL."""
        return np.frombuffer(self._fills, FILL)

    @property
    def orders(self) -> NDArray[Any]:
        """All messages, dtype ORDER."""
        return np.frombuffer(self._orders, ORDER)

    @property
    def funding(self) -> NDArray[Any]:
        """All settlements, dtype FUNDING."""
        return np.frombuffer(self._funding, FUNDING)

    @property
    def marks(self) -> NDArray[Any]:
        """All marks, dtype MARK."""
        return np.frombuffer(self._marks, MARK)

    def digest(self, refusals: Sequence[Refusal]) -> str:
        """SHA-256 over times, ticks and lots of every order, cancel and fill, and over every refusal."""
        body = self._body.copy()
        body.update(self._digested)
        for refusal in refusals:
            body.update(f"{refusal.rule} {refusal.cause} {refusal.time_ns}\n".encode())
        return f"sha256:{body.hexdigest()}"

    def _digest(self, *numbers: int) -> None:
        self._digested.extend(numbers)
        if len(self._digested) > _DIGEST_AT_ONCE:
            self._body.update(self._digested)
            del self._digested[:]
