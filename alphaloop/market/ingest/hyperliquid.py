"""Hyperliquid's raw public streams, `<local receive time, ns> <raw JSON message>`, as hftbacktest records.

Channels `l2Book` (each message the whole visible book) and `trades` are read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.market.ingest.levels import positive
from alphaloop.market.ingest.messages import near, stamped
from alphaloop.market.ingest.screen import Screen
from alphaloop.market.ingest.steps import step


class Hyperliquid(Screen):
    """Screens for `hftbacktest.data.utils.hyperliquid.convert`, which wants tick, lot and depth said."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._prices, self._sizes = set[float](), set[float]()
        self._levels = 0

    def takes(self, line: bytes) -> bool:
        """As Screen says."""
        local_ns, message = stamped(line, digits=19)
        channel = message.get("channel")
        if channel == "l2Book":
            return self._book(local_ns, message["data"])
        if channel == "trades":
            return self._trades(local_ns, message["data"])
        self.tally.ignore("other channels")
        return False

    def settle(self) -> None:
        """Nothing is left to count."""

    def arguments(self) -> Mapping[str, Any]:
        """As Screen says; raises BadTape when there is no tick or lot to say."""
        tick, lot = (step(np.array([*values])) for values in (self._prices, self._sizes))
        if tick is None or lot is None:
            raise BadTape(f"{self.source}: no tick and lot divide its prices and sizes; record it again")
        return {
            "function": "convert",
            "input_filename": str(self.copies[0]),
            "tick_size": float(tick),
            "lot_size": float(lot),
            "num_levels": self._levels,
            "buffer_size": self.rows,
        }

    def _book(self, local_ns: int, fields: dict[str, Any]) -> bool:
        near(local_ns, fields["time"])
        bids, asks = fields["levels"]
        seen = [(positive(level["px"]), positive(level["sz"])) for level in (*bids, *asks)]
        self.of("hyperliquid", fields["coin"])
        self._remember(seen)
        self._levels = max(self._levels, len(bids), len(asks))
        # Every level may come, and every level of before may go.
        self.rows += 2 * len(seen) + 2 * self._levels
        self.tally.snapshots += 1
        self.heard("l2Book", local_ns)
        return True

    def _trades(self, local_ns: int, trades: list[dict[str, Any]]) -> bool:
        seen = [(positive(trade["px"]), positive(trade["sz"])) for trade in trades]
        for trade in trades:
            near(local_ns, trade["time"])
            if trade["side"] not in ("A", "B"):
                raise ValueError("a trade has an aggressor")
            self.of("hyperliquid", trade["coin"])
        if not trades:
            self.tally.ignore("trades without a trade")
            return False
        self._remember(seen)
        self.tally.trades += 1
        self.rows += len(trades)
        self.heard("trades", local_ns)
        return True

    def _remember(self, seen: list[tuple[float, float]]) -> None:
        self._prices |= {price for price, _ in seen}
        self._sizes |= {size for _, size in seen}
