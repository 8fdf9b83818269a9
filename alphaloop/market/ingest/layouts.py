"""The columns of Binance's public dumps (data.binance.vision), and which of them a file has.

Spot files have no header, futures files have one since 2023; spot counts in µs since 2025, everything else in
ms.  Nothing in a file says its symbol: the venue puts it into the name, SYMBOL-kind-date.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.messages import SPOT, USDM

_ID, _DECIMAL, _TIME, _FLAG = r"\d{1,18}", r"\d{1,15}(?:\.\d{1,18})?", r"\d{13}|\d{16}", r"[Tt]rue|[Ff]alse"
_NAME = re.compile(r"([A-Z0-9]+(?:_[A-Z0-9]+)?)-(trades|aggTrades|bookTicker)-(\d{4}-\d{2}(?:-\d{2})?)")
_INVERSE = re.compile(r"USD_(PERP|\d{6})")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the fields of one row are: groups of `row` named number, time, and what the kind has."""

    kind: str
    venue: str
    header: str
    row: re.Pattern[str]


def _layout(kind: str, venue: str, header: str, **named: str) -> Layout:
    """`named` gives the header's name of what is read; the form of each field follows from its name."""
    ours = {column: name for name, column in named.items()}
    fields = (
        f"(?P<{ours[column]}>{_form(column)})" if column in ours else f"(?:{_form(column)})"
        for column in header.split(",")
    )
    return Layout(kind, venue, header, re.compile(",".join(fields), re.ASCII))


def _form(column: str) -> str:
    if "time" in column:
        return _TIME
    if column.startswith("is_"):
        return _FLAG
    return _ID if column.endswith("id") else _DECIMAL


_TRADE = {"number": "id", "price": "price", "size": "qty", "time": "time", "maker": "is_buyer_maker"}
_AGGREGATE = {
    "number": "agg_trade_id",
    "price": "price",
    "size": "quantity",
    "time": "transact_time",
    "maker": "is_buyer_maker",
}
_TICKER = {
    "number": "update_id",
    "bid": "best_bid_price",
    "bid_size": "best_bid_qty",
    "ask": "best_ask_price",
    "ask_size": "best_ask_qty",
    "time": "transaction_time",
    "sent": "event_time",
}
_SINGLE = "id,price,qty,quote_qty,time,is_buyer_maker"
_AGGREGATED = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
_TOUCH = "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time"

LAYOUTS = (
    _layout("trades", USDM, _SINGLE, **_TRADE),
    _layout("trades", SPOT, f"{_SINGLE},is_best_match", **_TRADE),
    _layout("aggTrades", USDM, _AGGREGATED, **_AGGREGATE),
    _layout("aggTrades", SPOT, f"{_AGGREGATED},is_best_match", **_AGGREGATE),
    _layout("bookTicker", USDM, _TOUCH, **_TICKER),
)


def layout_of(line: str) -> Layout | None:
    """The layout that a header or a row has; None when it is neither of any."""
    return next((each for each in LAYOUTS if line == each.header or each.row.fullmatch(line)), None)


def named(path: Path, layout: Layout) -> tuple[str, str]:
    """The symbol, and the day or month, that the name of a dump says.

    Raises BadTape when it says none, or another kind.
    """
    found = _NAME.match(path.name)
    if found is None or found[2] != layout.kind:
        raise BadTape(
            f"{path}: it is a dump of {layout.kind}, and only its name can say of what; name it as the venue "
            f"does, like BTCUSDT-{layout.kind}-2024-08-08{''.join(path.suffixes[-2:]) or '.csv'}"
        )
    if _INVERSE.search(found[1]):
        raise BadTape(f"{path}: {found[1]} is coin-margined, so inverse; only linear contracts can be traded")
    return found[1], found[3]
