"""Tardis.dev's CSV files `trades` and `incremental_book_L2` of one instrument, times in µs.

No row has an id that tells what is missing, but a snapshot after the first says that their own recorder lost
the line: what came between the row before it and its receipt is unknown.  Converting needs polars.
"""

import re
from collections.abc import Mapping, Sequence
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
US = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ROW = re.compile(
    r"(?P<venue>[a-z0-9-]+),(?P<symbol>[A-Za-z0-9_.:/-]+),(?P<time>\d{16}),(?P<receipt>\d{16}),"
    r"(?P<id>[^,]*),(?P<side>buy|sell|bid|ask|unknown),(?P<price>[\d.]+),(?P<size>[\d.]+)",
    re.ASCII,
)


def by_day(paths: Sequence[Path]) -> list[list[Path]]:
    """The files that make one tape each, in order of the day that their names say."""
    groups: dict[str, list[Path]] = {}
    for path in sorted(paths, key=_day):
        groups.setdefault(_day(path), []).append(path)
    return [*groups.values()]


def _day(path: Path) -> str:
    found = _DAY.search(path.name)
    return "" if found is None else found[0]


class Tardis(Screen):
    """Screens for `hftbacktest.data.utils.tardis.convert`, which wants the trades first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._header = ""
        self._headers: list[str] = []
        self._levels = 0
        self._sure_ns = 0
        self._changed = False

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
        self.heard("rows", int(row["receipt"]) * US)
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
                f"{self.source}: two files tell of the same; leave one out, or name each with its day, as "
                "the vendor does"
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
        whole = row["id"] == "true"
        if not whole and not self.tally.snapshots:
            self.tally.unused += 1
            return False
        if whole and self._changed:
            self.gaps_ns += ((self._sure_ns, int(row["receipt"]) * US),)
        self._changed = not whole
        self._sure_ns = max(self._sure_ns, int(row["time"]) * US)
        self.tally.snapshots += whole
        self.tally.diffs += not whole
        self._levels += whole
        return True
