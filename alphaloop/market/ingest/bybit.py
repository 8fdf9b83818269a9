"""Bybit's raw public streams: `<local receive time, ns> <raw JSON message>`, as hftbacktest records them.

Topics `orderbook.<levels>.<symbol>` and `publicTrade.<symbol>` are read.  Several depths tell of one book, so
only the deepest is used.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alphaloop.market.ingest.levels import count, packed, positive
from alphaloop.market.ingest.messages import near, stamped
from alphaloop.market.ingest.screen import Screen


class Bybit(Screen):
    """Screens for `hftbacktest.data.utils.bybit.convert_depth`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._depth = 0
        self._deltas, self._snapshots = Counter[int](), Counter[int]()

    def takes(self, line: bytes) -> bool:
        """As Screen says."""
        local_ns, message = stamped(line, digits=19)
        stream, _, rest = message.get("topic", "").partition(".")
        if stream == "orderbook":
            return self._book(local_ns, int(rest.partition(".")[0]), message)
        if stream == "publicTrade":
            return self._trades(local_ns, message)
        self.tally.ignore("other streams")
        return False

    def settle(self) -> None:
        """Use the deepest book; the others count as ignored."""
        for depth, snapshots in self._snapshots.items():
            ignored = depth != self._depth
            self.tally.ignore("orderbook beside a deeper one", (snapshots + self._deltas[depth]) * ignored)
        self.tally.snapshots = self._snapshots[self._depth]
        self.tally.diffs = self._deltas[self._depth]
        heard = ("trade", str(self._depth))
        self.receipts_ns = {name: first for name, first in self.receipts_ns.items() if name in heard}

    def arguments(self) -> Mapping[str, Any]:
        """As Screen says."""
        return {
            "function": "convert_depth",
            "input_filename": str(self.copies[0]),
            "single_depth_level": self._depth,
            "buffer_size": self.rows,
        }

    def _book(self, local_ns: int, depth: int, message: dict[str, Any]) -> bool:
        fields, whole = message["data"], message["type"] == "snapshot"
        near(local_ns, message["ts"])
        levels = count(packed(fields["b"])) + count(packed(fields["a"]))
        self.of("bybit", fields["s"])
        if not levels or not (whole or self._snapshots[depth]):
            self.tally.ignore("orderbook without levels" if not levels else "orderbook before its snapshot")
            return False
        (self._snapshots if whole else self._deltas)[depth] += 1
        self._depth = max(self._depth, depth)
        self.rows += levels + 2
        self.heard(str(depth), local_ns)
        return True

    def _trades(self, local_ns: int, message: dict[str, Any]) -> bool:
        for trade in message["data"]:
            near(local_ns, trade["T"])
            if not (positive(trade["p"]) and positive(trade["v"])) or trade["S"] not in ("Buy", "Sell"):
                raise ValueError("a trade has a price, a size and an aggressor")
            self.of("bybit", trade["s"])
        if not message["data"]:
            self.tally.ignore("publicTrade without trades")
            return False
        self.tally.trades += 1
        self.rows += len(message["data"])
        self.heard("trade", local_ns)
        return True
