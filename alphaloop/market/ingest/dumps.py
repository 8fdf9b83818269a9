"""Binance's public dumps of trades, aggregated trades and tickers, as one instrument.

A dump has no times of receipt: latency is an assumption then, LEAST_LATENCY_NS, and the report says so.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.market.ingest.clock import LEAST_LATENCY_NS
from alphaloop.market.ingest.files import line_blocks
from alphaloop.market.ingest.gathered import Gathered, Tally
from alphaloop.market.ingest.layouts import Layout, layout_of, named
from alphaloop.market.ingest.levels import positive
from alphaloop.market.ingest.messages import Ticker, Trade
from alphaloop.market.ingest.prints import Prints
from alphaloop.market.ingest.touches import Touches
from alphaloop.market.tape import Rows

LONGEST_NS = 32 * 86_400 * 1_000_000_000
"""A dump is of a day or a month; a row farther from the first one has a corrupt time."""
TOUCH = "bookTicker"
_MONTH = len("2024-08")


def by_day(paths: Sequence[Path]) -> list[list[Path]]:
    """The dumps that make one tape each, in order of time: those of one instrument and one day.

    Those of one month are one tape as soon as one of them is of the whole month.
    """
    dumps = [_Dump(path) for path in paths]
    months = {(*dump.market, dump.day) for dump in dumps if len(dump.day) == _MONTH}
    groups: dict[tuple[str, str, str], list[Path]] = {}
    for dump in sorted(dumps, key=lambda dump: dump.day):
        month = (*dump.market, dump.day[:_MONTH])
        groups.setdefault(month if month in months else (*dump.market, dump.day), []).append(dump.path)
    return [*groups.values()]


def dumped(paths: Sequence[Path]) -> Gathered:
    """What the dumps of one instrument hold together: trades or aggregated trades, tickers, or both.

    Raises BadTape when a file cannot be read, or when two of them tell of the same.
    """
    read = [_Dump(path) for path in paths]
    _refuse_twice(read)
    tally, prints, touches = Tally(), Prints(), Touches()
    for dump in read:
        dump.read(tally, prints, touches)
    touched = any(dump.layout.kind == TOUCH for dump in read)
    rows = _rows(tally, prints, touches)
    if not len(rows):
        raise BadTape(
            f"{' + '.join(map(str, paths))}: no row of {tally.lines} lines can be used "
            f"({tally.quarantined} are no rows of this venue, the first is {tally.first_fault})"
        )
    return Gathered(
        paths=[dump.path for dump in read],
        venue=read[0].layout.venue,
        symbol=read[0].symbol,
        tally=tally,
        rows=rows,
        book="touch" if touched else "none",
        sequenced=tally.trades > 0,
        clocked=False,
    )


class _Dump:
    """One file: what it is, by its first row and its name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.layout = _first_layout(path)
        self.symbol, self.day = named(path, self.layout)
        self.market = (self.layout.venue, self.symbol)
        self._first_ns: int | None = None

    def read(self, tally: Tally, prints: Prints, touches: Touches) -> None:
        """Read all rows; what is none is quarantined."""
        before = tally.lines
        for first, lines in line_blocks(self.path):
            tally.lines = before + first + len(lines) - 1
            for number, line in enumerate(lines, first):
                try:
                    self._row(line, number, tally, prints, touches)
                except ValueError as fault:
                    tally.quarantine(self.path, number, fault)

    def _row(self, line: bytes, number: int, tally: Tally, prints: Prints, touches: Touches) -> None:
        text = line.decode("ascii").rstrip("\r")
        found = self.layout.row.fullmatch(text)
        if found is not None and self.layout.kind == TOUCH:
            touches.add(self._ticker(found), number)
        elif found is not None:
            prints.add(self._trade(found), number)
        elif number == 1 and text == self.layout.header:
            tally.ignore("header")
        else:
            raise ValueError(f"no row of {self.layout.kind}: {text:.60}")

    def _trade(self, row: re.Match[str]) -> Trade:
        exch_ns = self._near(row["time"])
        return Trade(
            local_ns=exch_ns + LEAST_LATENCY_NS,
            exch_ns=exch_ns,
            number=int(row["number"]),
            price=positive(row["price"]),
            size=positive(row["size"]),
            sold=row["maker"].lower() == "true",
            on_book=True,
            aggregate=self.layout.kind == "aggTrades",
        )

    def _ticker(self, row: re.Match[str]) -> Ticker:
        exch_ns, sent_ns = self._near(row["time"]), self._near(row["sent"])
        named = ("bid", "bid_size", "ask", "ask_size")
        bid, bid_size, ask, ask_size = (positive(row[name]) for name in named)
        if bid >= ask:
            raise ValueError(f"bid {bid} is not below ask {ask}")
        local_ns = max(exch_ns, sent_ns) + LEAST_LATENCY_NS
        return Ticker(local_ns, exch_ns, int(row["number"]), bid, bid_size, ask, ask_size)

    def _near(self, digits: str) -> int:
        time_ns = int(digits.ljust(19, "0"))
        if self._first_ns is None:
            self._first_ns = time_ns
        if abs(time_ns - self._first_ns) > LONGEST_NS:
            raise ValueError(f"time {digits} is more than a month from the first")
        return time_ns


def _first_layout(path: Path) -> Layout:
    """The layout of the first line that has one; there is one, or the file would not be taken for a dump."""
    for _, lines in line_blocks(path):
        for line in lines:
            if (layout := layout_of(line.decode("ascii", "replace").rstrip("\r"))) is not None:
                return layout
    raise BadTape(f"{path}: no line of it is a row of Binance's dumps; download it again")


def _refuse_twice(dumps: Sequence[_Dump]) -> None:
    for about in ({"trades", "aggTrades"}, {TOUCH}):
        same = sorted((dump for dump in dumps if dump.layout.kind in about), key=lambda dump: dump.day)
        for before, after in pairwise(same):
            # A day begins as its month does.
            if after.day.startswith(before.day):
                raise BadTape(
                    f"{before.path} and {after.path} tell of the same {after.symbol} on {after.day}; leave "
                    "one out"
                )


def _rows(tally: Tally, prints: Prints, touches: Touches) -> Rows:
    """Rows in order of time; a trade comes before what it did to the touch, as hftbacktest's queues want."""
    book, _ = touches.rows(tally, LEAST_LATENCY_NS, sort=True)
    begun_ns = int(book["exch_ts"][0]) if len(book) else 0
    trades, _ = prints.rows(tally, 0, begun_ns)
    made: Rows = np.concatenate([trades, book])
    made = made[np.argsort(made["exch_ts"], kind="stable")]
    made["local_ts"] = np.maximum.accumulate(made["local_ts"])
    return made
