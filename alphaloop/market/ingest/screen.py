"""What is common to screening recordings of other venues before a converter of hftbacktest reads them."""

import gzip
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alphaloop.errors import BadTape
from alphaloop.market.ingest.files import line_blocks
from alphaloop.market.ingest.gathered import Tally

FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class Screen(ABC):
    """Reads the files of one instrument, counts their lines, and copies the sound ones for the converter.

    rows: how many rows those can make at most; receipts_ns: the earliest receipt of each stream; gaps_ns and
    sequenced: as Gathered says.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tally = Tally()
        self.venue = self.symbol = self.source = ""
        self.rows = 0
        self.receipts_ns: dict[str, int] = {}
        self.copies: list[Path] = []
        self.gaps_ns: tuple[tuple[int, int | None], ...] = ()
        self.sequenced = False

    def read(self, paths: Sequence[Path]) -> None:
        """Screen all lines of all files; raises BadTape when they hold two markets, or give no book."""
        self.source = " + ".join(map(str, paths))
        for path in paths:
            copy = self.folder / f"{len(self.copies)}.gz"
            with gzip.open(copy, "wb", compresslevel=1) as out:
                before = self.tally.lines
                for first, lines in line_blocks(path):
                    self.tally.lines = before + first + len(lines) - 1
                    out.writelines(line + b"\n" for line in self._sound(path, first, lines))
            self.copies.append(copy)
        self.settle()
        if not self.tally.snapshots:
            faults = f"{self.tally.quarantined} are no messages, the first is {self.tally.first_fault}"
            raise BadTape(
                f"{self.source}: none of its {self.tally.lines} lines gives a whole book "
                f"({faults if self.tally.quarantined else 'all are messages'}); record it from the venue's "
                "snapshot on"
            )

    @abstractmethod
    def takes(self, line: bytes) -> bool:
        """Count a line, and say whether the converter is to have it.

        Raises one of FAULTS when it is no message, and BadTape when it is of another market.
        """

    @abstractmethod
    def settle(self) -> None:
        """Complete the tally when all is read."""

    @abstractmethod
    def arguments(self) -> Mapping[str, Any]:
        """What the converter is called with; its function is called `function`."""

    def of(self, venue: str, symbol: str) -> None:
        """Remember what the files are of; raises BadTape when it changes, ValueError when it is no name."""
        if not isinstance(symbol, str):
            raise ValueError(f"{symbol!r:.40} is no symbol")  # noqa: TRY004 - a line is corrupt
        self.venue, self.symbol = self.venue or venue, self.symbol or symbol
        if (venue, symbol) != (self.venue, self.symbol):
            raise BadTape(
                f"{self.source}: {venue} {symbol} in a recording of {self.venue} {self.symbol}; record one "
                "market a file"
            )

    def heard(self, stream: str, local_ns: int) -> None:
        """Remember the earliest receipt of a stream that makes rows."""
        self.receipts_ns[stream] = min(local_ns, self.receipts_ns.get(stream, local_ns))

    def _sound(self, path: Path, first: int, lines: Sequence[bytes]) -> list[bytes]:
        kept = []
        for number, line in enumerate(lines, first):
            try:
                if self.takes(line):
                    kept.append(line)
            except FAULTS as fault:
                self.tally.quarantine(path, number, fault)
        return kept
