"""What kind of file a file is, by its content."""

import re
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.files import line_blocks
from alphaloop.market.ingest.layouts import layout_of
from alphaloop.market.ingest.npz import is_npz
from alphaloop.market.ingest.tardis import BOOK, TRADES

LOOKED_AT = 100
"""So many lines at the beginning decide; a recording may begin with corrupt ones."""
_DATABENTO = (b"DBN", b"\x28\xb5\x2f\xfd")
_RAW = re.compile(rb"\d{16,19} \{")


class Form(StrEnum):
    """The kinds of files that are read."""

    BINANCE = "binance"
    DUMP = "dump"
    NPZ = "npz"
    BYBIT = "bybit"
    HYPERLIQUID = "hyperliquid"
    TARDIS = "tardis"


def form_of(path: Path) -> Form:
    """What a file is; a file of nothing that is known counts as a recording of Binance, which then says why.

    Raises BadTape when it cannot be read, or is of a kind that cannot be played.
    """
    if path.suffix == ".npz" or is_npz(path):
        return Form.NPZ
    first = _beginning(path)
    if first[:1] and first[0].startswith(_DATABENTO):
        raise BadTape(
            f"{path}: is packed with zstd, or in Databento's format.  Unpack it; of Databento only single "
            "orders can be converted, of which a tape has none: make an .npz of levels out of it in "
            "hftbacktest's format, or record another feed"
        )
    return next((form for form in map(_line_form, first) if form is not None), Form.BINANCE)


def _beginning(path: Path) -> list[bytes]:
    return list(islice(chain.from_iterable(lines for _, lines in line_blocks(path)), LOOKED_AT))


def _line_form(line: bytes) -> Form | None:
    """The kind that only such a line has; None when it does not tell."""
    if _RAW.match(line):
        start = line[:300]
        if b'"topic":' in start:
            return Form.BYBIT
        return Form.HYPERLIQUID if b'"channel":' in start else Form.BINANCE
    text = line.decode("ascii", "replace").rstrip("\r")
    if text in (TRADES, BOOK):
        return Form.TARDIS
    return Form.DUMP if layout_of(text) is not None else None
