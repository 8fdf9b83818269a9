"""The rows that make a book of synchronised snapshots and diffs."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.ingest.columns import Columns
from alphaloop.market.ingest.levels import LARGEST, count, numbers
from alphaloop.market.ingest.messages import Diff, Snapshot
from alphaloop.market.pages import room
from alphaloop.market.tape import BUY, DEPTH, DEPTH_CLEAR, EVENT, SELL, SNAPSHOT, Rows

HELD_BYTES = 1 << 22
"""So much text is turned into numbers at once."""


class BookRows:
    """Collects what a synchronised book emits; `begun_ns` is when the exchange first had it, 0 before."""

    def __init__(self) -> None:
        self.begun_ns = 0
        self._messages = Columns(whole=6, real=0)
        self._packed: list[bytes] = []
        self._held = 0
        self._numbers: list[NDArray[np.float64]] = []

    def add(self, change: Diff | Snapshot, line: int) -> None:
        """Take a change in order; `line` is where its last part was received.

        A new book after a gap replaces the old one as far as it reaches.
        """
        if isinstance(change, Diff):
            self._add(DEPTH, line, change, change.bids, change.asks)
            return
        if self.begun_ns:
            bids, asks = (_clear(side) for side in (change.bids, change.asks))
            self._add(DEPTH_CLEAR, line, change, bids, asks)
        self.begun_ns = self.begun_ns or change.exch_ns or change.local_ns
        self._add(SNAPSHOT, line, change, change.bids, change.asks)

    def rows(self) -> tuple[Rows, NDArray[np.int64]]:
        """Rows in order of receipt and the line of each; shape (n,) both.  Asked once: they are handed over.

        Of one diff deletions come first: what is left of the old book cannot cross the new one then, at no
        row.
        """
        self._flush()
        kind, line, exch_ns, local_ns, bids, asks = self._messages.whole()
        numbers, self._numbers = np.concatenate(self._numbers, axis=1), []
        message = np.repeat(np.arange(len(kind)), bids + asks)
        sides = np.tile(np.array([BUY, SELL]), len(kind))
        ev = np.repeat(sides, np.column_stack([bids, asks]).ravel()) | kind[message]
        order = np.argsort(message * 2 + (numbers[1] != 0), kind="stable")
        received = message[order]
        # Column by column, so that of a long recording there is never one column more.
        made = room(len(order), EVENT)
        made["ev"] = ev[order]
        made["px"] = numbers[0][order]
        made["qty"] = numbers[1][order]
        made["exch_ts"] = exch_ns[received]
        made["local_ts"] = local_ns[received]
        return made, line[received]

    def _add(self, kind: int, line: int, change: Diff | Snapshot, bids: bytes, asks: bytes) -> None:
        exch_ns = change.exch_ns or change.local_ns
        self._messages.add((kind, line, exch_ns, change.local_ns, count(bids), count(asks)))
        sides = [side for side in (bids, asks) if side]
        self._packed += sides
        self._held += sum(map(len, sides))
        if self._held > HELD_BYTES:
            self._flush()

    def _flush(self) -> None:
        made = numbers(self._packed)
        if made.size and made.max() > LARGEST:
            raise BadTape(f"a price or size of {made.max():g} is none; record it again")
        self._numbers.append(made)
        self._packed, self._held = [], 0


def _clear(levels: bytes) -> bytes:
    """The farthest level, with no size."""
    return b",".join([*levels.split(b",")[-2:-1], b"0"]) if levels else b""
