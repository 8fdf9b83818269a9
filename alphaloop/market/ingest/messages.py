"""One recorded line as a message of Binance, USD-M or spot; anything else raises ValueError and says why.

Field names are the venue's: U and u are the first and last update id of a diff, pu the last id of the diff
before (USD-M only), T the time of the matching engine and E that of the message, both in ms, m whether the
buyer made the market.  Spot diffs have no T, and spot snapshots no time at all.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

MS = 1_000_000
FARTHEST_APART_NS = 3_600 * 1_000_000_000
"""Clocks that differ by more than an hour are no clocks: the line is corrupt."""

Level = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Diff:
    """A change of the book; `before` is the id that must have come last."""

    local_ns: int
    exch_ns: int
    first: int
    last: int
    before: int
    bids: list[Level]
    asks: list[Level]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The book after update `last`; exch_ns is None where the venue does not say."""

    local_ns: int
    exch_ns: int | None
    last: int
    bids: list[Level]
    asks: list[Level]


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade; `sold` when the aggressor was the seller."""

    local_ns: int
    exch_ns: int
    number: int
    price: str
    size: str
    sold: bool


@dataclass(frozen=True, slots=True)
class Other:
    """A stream that makes no rows, such as the book ticker."""

    stream: str


Message = Diff | Snapshot | Trade | Other


def read(line: bytes) -> tuple[str, Message]:
    """The symbol ("" where the message has none) and the message; raises ValueError on a corrupt line."""
    stamp, _, body = line.partition(b" ")
    local_ns = int(stamp)
    if not 0 < local_ns < 2**62:
        raise ValueError(f"receive time {local_ns} ns is out of range")
    try:
        whole = json.loads(body)
        return _message(local_ns, whole)
    except (KeyError, TypeError, RecursionError) as fault:
        raise ValueError(f"no message of this venue: {fault!r}") from fault


def _message(local_ns: int, whole: dict[str, Any]) -> tuple[str, Message]:
    if "stream" not in whole:
        return "", _snapshot(local_ns, whole)
    stream, fields = whole["stream"], whole["data"]
    kind = fields.get("e")
    if kind == "depthUpdate":
        return fields["s"], _diff(local_ns, fields)
    # Insurance fund and auto-deleveraging prints did not meet the book.
    if kind == "trade" and fields.get("X", "MARKET") == "MARKET":
        return fields["s"], _trade(local_ns, fields)
    return fields.get("s", ""), Other(str(stream).rpartition("@")[2])


def _snapshot(local_ns: int, fields: dict[str, Any]) -> Snapshot:
    exch_ns = _near(local_ns, fields["T"]) if "T" in fields else None
    return Snapshot(
        local_ns, exch_ns, _whole(fields["lastUpdateId"]), _levels(fields["bids"]), _levels(fields["asks"])
    )


def _diff(local_ns: int, fields: dict[str, Any]) -> Diff:
    first, last = _whole(fields["U"]), _whole(fields["u"])
    before = _whole(fields["pu"]) if "pu" in fields else first - 1
    if not before < first <= last:
        raise ValueError(f"update ids {before}, {first}, {last} do not rise")
    exch_ns = _near(local_ns, fields["T"] if "T" in fields else fields["E"])
    return Diff(local_ns, exch_ns, first, last, before, _levels(fields["b"]), _levels(fields["a"]))


def _trade(local_ns: int, fields: dict[str, Any]) -> Trade:
    ((price, size),) = _levels([[fields["p"], fields["q"]]])
    if float(size) == 0 or not isinstance(fields["m"], bool):
        raise ValueError("a trade has a size and an aggressor")
    return Trade(local_ns, _near(local_ns, fields["T"]), _whole(fields["t"]), price, size, fields["m"])


def _levels(levels: Any) -> list[Level]:
    for price, size in levels:
        if not (0 < float(price) < math.inf and 0 <= float(size) < math.inf):
            raise ValueError(f"price {price!r} and size {size!r} are no price and size")
    return levels  # type: ignore[no-any-return]


def _near(local_ns: int, time_ms: Any) -> int:
    exch_ns = _whole(time_ms) * MS
    if abs(exch_ns - local_ns) > FARTHEST_APART_NS:
        raise ValueError(f"exchange time {time_ms} ms is more than an hour from the time of receipt")
    return exch_ns


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**62:
        raise ValueError(f"{value!r} is no id and no time")
    return value
