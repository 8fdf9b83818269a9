"""Bybit's raw public streams: `<local receive time, ns> <raw JSON message>`, as hftbacktest records them.

Topics `orderbook.<levels>.<symbol>` and `publicTrade.<symbol>` are read.  Several depths tell of one book, so
only the deepest is used.  Its update ids `u` rise by one with each message of a topic, says the venue, so a
missing one is known, and from there to the next snapshot the book is not.  Ids of trades tell nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alphaloop.market.ingest.levels import count, packed, positive
from alphaloop.market.ingest.messages import near, stamped, whole_number
from alphaloop.market.ingest.screen import Screen
from alphaloop.market.ingest.update_ids import UpdateIds, Use


class Bybit(Screen):
    """Screens for `hftbacktest.data.utils.bybit.convert_depth`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._depth = 0
        self._snapshots, self._changes = Counter[int](), defaultdict[int, Counter[Use]](Counter)
        self._ids = defaultdict[int, UpdateIds](UpdateIds)

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
            if depth != self._depth:
                beside = snapshots + self._changes[depth].total()
                self.tally.ignore("orderbook beside a deeper one", beside)
        ids, changes = self._ids[self._depth], self._changes[self._depth]
        self.tally.snapshots = self._snapshots[self._depth]
        self.tally.diffs, self.tally.stale = changes[Use.USED], changes[Use.STALE]
        self.tally.unused = changes[Use.UNUSED]
        self.sequenced = ids.telling and bool(self._snapshots)
        if self.sequenced:
            self.tally.sequence_gaps, self.gaps_ns = ids.missing, tuple(ids.gaps_ns)
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
        # The clock that the converter takes too.
        exch_ns = near(local_ns, message["ts"])
        levels = count(packed(fields["b"])) + count(packed(fields["a"]))
        number = None if "u" not in fields else whole_number(fields["u"])
        self.of("bybit", fields["s"])
        if not whole and not self._snapshots[depth]:
            self.tally.ignore("orderbook before its snapshot")
            return False
        use = self._use(whole, self._ids[depth], number, (exch_ns, local_ns))
        if not levels and use is not Use.UNUSED:
            self.tally.ignore("orderbook without levels")
            return False
        if whole:
            self._snapshots[depth] += 1
        else:
            self._changes[depth][use] += 1
        self._depth = max(self._depth, depth)
        self.rows += levels + 2
        self.heard(str(depth), local_ns)
        return use is Use.USED

    def _use(self, whole: bool, ids: UpdateIds, number: int | None, times_ns: tuple[int, int]) -> Use:
        if not whole:
            return ids.change(number, times_ns[0])
        ids.snapshot(number, *times_ns)
        return Use.USED

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
