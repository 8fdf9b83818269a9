"""Tardis.dev's CSV files `trades` and `incremental_book_L2` of one instrument, times in µs.

Converting needs polars.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alphaloop.errors import BadTape
from alphaloop.market.ingest.levels import decimal, positive
from alphaloop.market.ingest.messages import SPOT, USDM
from alphaloop.market.ingest.screen import Screen

TRADES = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount"
BOOK = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount"
OURS = {"binance-futures": USDM, "binance": SPOT}
"""Where we have a name of our own for what Tardis calls otherwise."""
_ROW = re.compile(
    r"(?P<venue>[a-z0-9-]+),(?P<symbol>[A-Za-z0-9_.:/-]+),(?P<time>\d{16}),(?P<receipt>\d{16}),"
    r"(?P<id>[^,]*),(?P<side>buy|sell|bid|ask|unknown),(?P<price>[\d.]+),(?P<size>[\d.]+)",
    re.ASCII,
)


class Tardis(Screen):
    """Screens for `hftbacktest.data.utils.tardis.convert`, which wants the trades first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._header = ""
        self._headers: list[str] = []
        self._levels = 0

    def takes(self, line: bytes) -> bool:
        """As Screen says."""
        text = line.decode("ascii").rstrip("\r")
        if text in (TRADES, BOOK):
            self._begin(text)
            return True
        row = _ROW.fullmatch(text)
        if row is None or not self._header:
            raise ValueError(f"no row of {'trades' if self._header == TRADES else 'a book'}: {text:.60}")
        positive(row["price"])
        (positive if self._header == TRADES else decimal)(row["size"])
        self.of(OURS.get(row["venue"], row["venue"]), row["symbol"])
        if not self._counted(row):
            return False
        self.rows += 3
        self.heard("rows", int(row["receipt"]) * 1_000)
        return True

    def settle(self) -> None:
        """Nothing is left to count."""

    def arguments(self) -> Mapping[str, Any]:
        """As Screen says; the copies get the names that the converter knows them by."""
        places = sorted(range(len(self.copies)), key=lambda place: self._headers[place] == BOOK)
        return {
            "function": "convert",
            "input_files": [str(self.copies[place]) for place in places],
            "buffer_size": self.rows,
            "ss_buffer_size": self._levels + 1,
        }

    def _begin(self, header: str) -> None:
        if len(self._headers) > len(self.copies):
            raise ValueError("a second header")
        if header in self._headers:
            raise BadTape(
                f"{self.source}: two files tell of the same; leave one out, or ingest the days one by one"
            )
        self._headers.append(header)
        self._header = header
        self.tally.ignore("header")

    def _counted(self, row: re.Match[str]) -> bool:
        if self._header == TRADES:
            self.tally.trades += 1
            return True
        if row["id"] not in ("true", "false") or row["side"] not in ("bid", "ask"):
            raise ValueError("no row of a book")
        if row["id"] == "true":
            self.tally.snapshots += 1
            self._levels += 1
            return True
        if not self.tally.snapshots:
            self.tally.unused += 1
            return False
        self.tally.diffs += 1
        return True
