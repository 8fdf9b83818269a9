"""What happened in an episode, written down while it happens."""

import hashlib
from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.order import Refusal, Report
from alphaloop.market.journal import FILL, MARK
from alphaloop.trading.account import Account
from alphaloop.trading.plan import Open

_SUBMIT, _CANCEL, _FILL = 1, 2, 3


class Record:
    """Fills, marks and the integers that the digest is made of; nothing in it comes from a wall clock."""

    def __init__(self) -> None:
        self.messages = 0
        self.orders_filled: set[int] = set()
        self._fills: list[tuple[float, ...]] = []
        self._marks: list[tuple[float, ...]] = []
        self._digested = array("q")

    def submit(self, time_ns: int, order: Open) -> None:
        """An order was handed to the exchange."""
        self.messages += 1
        self._digested.extend((_SUBMIT, time_ns, order.order, order.side, order.ticks, order.lots))

    def cancel(self, time_ns: int, order: Open) -> None:
        """A cancel was handed to the exchange."""
        self.messages += 1
        self._digested.extend((_CANCEL, time_ns, order.order))

    def fill(self, report: Report, mid: float, decision_mid: float, fee: float) -> None:
        """A fill was received."""
        self.orders_filled.add(report.order)
        seen = (report.matched_ns, report.received_ns, int(report.side), report.ticks, report.lots)
        self._fills.append((*seen, mid, decision_mid, fee))
        self._digested.extend((_FILL, report.order, *seen))

    def mark(self, time_ns: int, account: Account) -> None:
        """The account as it stands; nothing before its first mark."""
        if account.mark is not None:
            self._marks.append((time_ns, account.mark, account.position_lots, account.equity))

    @property
    def fills(self) -> NDArray[Any]:
        """All fills, dtype FILL."""
        return np.array(self._fills, FILL)

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
