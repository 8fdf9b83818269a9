"""Lines exactly as the venue writes them, read without a JSON parser.

Nearly all lines are.  What is written in any other way, and is the same message to JSON, is left to
`messages.read`, which takes five times as long; a test holds the two to the same answers.
"""

import re

from alphaloop.market.ingest.levels import unwrapped
from alphaloop.market.ingest.messages import SPOT, USDM, Diff, Message, Origin, Trade, near

_BEGIN = rb'(\d{16,19}) \{"stream":"[^"\\]*","data":\{'
_DECIMAL = rb'"(\d{1,15}\.\d{1,18})"'
_TICKER = re.compile(
    _BEGIN + rb'(?:"e":"bookTicker",)?"u":\d+,"s":"([A-Z0-9_]+)",'
    rb'"b":"[\d.]+","B":"[\d.]+","a":"[\d.]+","A":"[\d.]+"(?:,"T":\d+,"E":\d+)?\}\}'
)
_DIFF = re.compile(
    _BEGIN + rb'"e":"depthUpdate","E":(\d{13})(?:,"T":(\d{13}))?,"s":"([A-Z0-9_]+)",'
    rb'"U":(\d{1,18}),"u":(\d{1,18})(?:,"pu":(\d{1,18}))?'
)
_TRADE = re.compile(
    _BEGIN + rb'"e":"trade","E":\d{13},"T":(\d{13}),"s":"([A-Z0-9_]+)","t":(\d{1,18}),'
    rb'"p":' + _DECIMAL + rb',"q":' + _DECIMAL + rb',"X":"MARKET","m":(true|false)\}\}'
)
_KIND = slice(0, 100)
"""Where in a line its kind stands."""


def ticker_symbol(line: bytes) -> bytes | None:
    """Whose touch a line tells; None when it is no ticker."""
    found = _TICKER.fullmatch(line)
    return found and found[2]


def read(line: bytes) -> tuple[Origin, Message] | None:
    """What a line says, and of what; None when it is not written as expected.  Raises ValueError."""
    start = line[_KIND]
    if b'"e":"depthUpdate"' in start:
        return _diff(line)
    return _trade(line) if b'"e":"trade"' in start else None


def _diff(line: bytes) -> tuple[Origin, Message] | None:
    head, _, levels = line.partition(b',"b":[')
    bids, _, asks = levels.partition(b'],"a":[')
    found = _DIFF.fullmatch(head)
    if found is None or not asks.endswith(b"]}}"):
        return None
    pair = unwrapped(bids), unwrapped(asks[:-3])
    stamp, sent, matched, symbol, first, last, before = found.groups()
    if pair[0] is None or pair[1] is None or (before is None) is not (matched is None):
        return None
    local_ns = int(stamp)
    exch_ns = near(local_ns, int(matched or sent))
    ids = int(first), int(last), int(first) - 1 if before is None else int(before)
    venue = SPOT if before is None else USDM
    return Origin(venue, symbol.decode()), Diff.checked(local_ns, exch_ns, ids, pair[0], pair[1])


def _trade(line: bytes) -> tuple[Origin, Message] | None:
    found = _TRADE.fullmatch(line)
    if found is None:
        return None
    stamp, matched, symbol, number, price, size, maker = found.groups()
    local_ns, paid, traded = int(stamp), float(price), float(size)
    if not (paid and traded):
        return None
    exch_ns = near(local_ns, int(matched))
    trade = Trade(
        local_ns, exch_ns, int(number), paid, traded, maker == b"true", on_book=True, aggregate=False
    )
    return Origin(USDM, symbol.decode()), trade
