"""What happened in an episode, written down while it happens.

Rows are packed into bytes as they come: as Python numbers an hour of quoting would be larger than its tape.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.order import Refusal, Report
from alphaloop.market.journal import CANCEL, FILL, FUNDING, MARK, ORDER, REJECT, SUBMIT
from alphaloop.market.pages import LONG
from alphaloop.simulation.roll import Roll
from alphaloop.trading.account import Account
from alphaloop.trading.plan import Open

_FILL = 3
"""Beside SUBMIT and CANCEL, the third kind of thing that the digest is made of."""
_DIGEST_AT_ONCE = 4_096
# The dtypes of the journal, byte for byte.
_FILLS, _FUNDINGS = Struct("=6q3d"), Struct("=q3d")
# Looked up once: these are called several times for each decision.
_mark: Final = Struct("=qdqd").pack
_order: Final = Struct("=6q").pack
# What the digest is told of a message and, behind its kind, of a fill; and how much of that for each verb.
_MESSAGE = ("verb", "time_ns", "order", "side", "ticks", "lots")
_FILLED = ("order", "matched_ns", "received_ns", "side", "ticks", "lots")
_TOLD = np.array([{SUBMIT: 6, CANCEL: 3}.get(verb, 0) for verb in range(REJECT + 1)])


class Record:
    """Fills, messages and marks as rows of the journal; nothing in it comes from a wall clock."""

    def __init__(self) -> None:
        self._rolls = {dtype: Roll(dtype) for dtype in (FILL, MARK, ORDER, FUNDING)}
        # The newest rows of each.
        self._fills, self._marks, self._orders, self._funding = (roll.now for roll in self._rolls.values())
        # How many messages were written down before each fill: the digest has them as they came.
        self._before = array("q")

    def submit(self, time_ns: int, order: Open) -> None:
        """An order was handed to the exchange."""
        self._orders += _order(time_ns, order.order, SUBMIT, order.side, order.ticks, order.lots)

    def cancel(self, time_ns: int, order: Open) -> None:
        """A cancel was handed to the exchange."""
        self._orders += _order(time_ns, order.order, CANCEL, order.side, order.ticks, order.lots)

    def reject(self, report: Report) -> None:
        """An order was refused; not in the digest, because what was sent and filled tells it."""
        refused = (report.order, REJECT, report.side, report.ticks, report.lots)
        self._orders += _order(report.received_ns, *refused)

    def fill(self, report: Report, mid: float, decision_mid: float, fee: float) -> None:
        """A fill was received."""
        seen = (report.matched_ns, report.received_ns, report.side, report.ticks, report.lots)
        self._fills += _FILLS.pack(report.order, *seen, mid, decision_mid, fee)
        self._before.append(len(self._rolls[ORDER]))

    def settle(self, time_ns: int, rate: float, price: float, received: float) -> None:
        """Funding was paid or received."""
        self._funding += _FUNDINGS.pack(time_ns, rate, price, received)

    def mark(self, time_ns: int, account: Account) -> None:
        """The account as it stands; nothing before its first mark."""
        if account.mark is not None:
            self._marks += _mark(time_ns, account.mark, account.position_lots, account.equity)
            if len(self._marks) >= LONG:
                self._put_by()

    def _put_by(self) -> None:
        """Put by what has become long; between two marks only a few other rows are written."""
        for roll in self._rolls.values():
            roll.put_by()

    @property
    def fills(self) -> NDArray[Any]:
        """All fills, dtype FILL."""
        return self._rolls[FILL].rows()

    @property
    def orders(self) -> NDArray[Any]:
        """All messages, dtype ORDER."""
        return self._rolls[ORDER].rows()

    @property
    def funding(self) -> NDArray[Any]:
        """All settlements, dtype FUNDING."""
        return self._rolls[FUNDING].rows()

    @property
    def marks(self) -> NDArray[Any]:
        """All marks, dtype MARK."""
        return self._rolls[MARK].rows()

    def digest(self, refusals: Sequence[Refusal]) -> str:
        """SHA-256 over times, ticks and lots of every order, cancel and fill, and over every refusal."""
        body = hashlib.sha256()
        for told in self._told():
            body.update(told.data)
        for refusal in refusals:
            body.update(f"{refusal.rule} {refusal.cause} {refusal.time_ns}\n".encode())
        return f"sha256:{body.hexdigest()}"

    def _told(self) -> Iterator[NDArray[np.int64]]:
        """The integers of the digest as they came, a block at a time: a kind, and what is told of it."""
        orders, fills = self.orders, self.fills
        before = np.frombuffer(self._before, np.int64)
        first = 0
        for start in range(0, max(len(orders), 1), _DIGEST_AT_ONCE):
            stop = start + _DIGEST_AT_ONCE
            last = len(fills) if stop >= len(orders) else int(np.searchsorted(before, stop))
            places = before[first:last] - start
            messages = _table(orders[start:stop], _MESSAGE)
            told = np.insert(_TOLD[messages[:, 0]], places, 1 + len(_FILLED))
            table = np.insert(messages, places, _table(fills[first:last], _FILLED, _FILL), axis=0)
            yield table[np.arange(table.shape[1]) < told[:, None]]
            first = last


def _table(rows: NDArray[Any], columns: Sequence[str], *kind: int) -> NDArray[np.int64]:
    """Columns of rows side by side as int64, behind their kind where one is given; shape (n, 7)."""
    table = np.zeros((len(rows), len(_FILLED) + 1), np.int64)
    table[:, : len(kind)] = kind
    for place, name in enumerate(columns, len(kind)):
        table[:, place] = rows[name]
    return table
