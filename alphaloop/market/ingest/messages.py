"""One recorded line as a message of Binance, USD-M or spot; anything else raises ValueError and says why.

A line is `<local receive time, ns> <raw JSON message>`, the message with or without the wrapper of a combined
stream.  Field names are the venue's: U and u are the first and last update id of a diff, pu the last id of
the diff before (USD-M only), T the time of the matching engine and E that of the message, both in ms, m
whether the buyer made the market.  Spot diffs have no T, and spot snapshots and spot tickers no time at all.
In a mark price message T is the next funding time, so there E is the time.
"""

import json
import math
import re
from typing import Any, NamedTuple, Self

from alphaloop.market.ingest.levels import packed, positive

MS = 1_000_000
FARTHEST_APART_NS = 3_600 * 1_000_000_000
"""Clocks that differ by more than an hour are no clocks: the line is corrupt."""
USDM, SPOT = "binance-usdm", "binance-spot"


class Diff(NamedTuple):
    """A change of the book; `before` is the id that must have come last, levels are packed."""

    local_ns: int
    exch_ns: int
    first: int
    last: int
    before: int
    bids: bytes
    asks: bytes

    @classmethod
    def checked(
        cls, local_ns: int, exch_ns: int, ids: tuple[int, int, int], bids: bytes, asks: bytes
    ) -> Self:
        """A diff with the ids first, last and before; raises ValueError when they do not rise."""
        first, last, before = ids
        if not before < first <= last:
            raise ValueError(f"update ids {before}, {first}, {last} do not rise")
        return cls(local_ns, exch_ns, first, last, before, bids, asks)


class Snapshot(NamedTuple):
    """The book after update `last`; exch_ns is None where the venue does not say."""

    local_ns: int
    exch_ns: int | None
    last: int
    bids: bytes
    asks: bytes


class Trade(NamedTuple):
    """A trade, or what one order took at one price (`aggregate`).

    sold: the aggressor was the seller; on_book: not a print of the insurance fund or of auto-deleveraging,
    which never met the book.
    """

    local_ns: int
    exch_ns: int
    number: int
    price: float
    size: float
    sold: bool
    on_book: bool
    aggregate: bool


class Ticker(NamedTuple):
    """The touch after update `number`; exch_ns is None where the venue does not say."""

    local_ns: int
    exch_ns: int | None
    number: int
    bid: float
    bid_size: float
    ask: float
    ask_size: float


class Mark(NamedTuple):
    """Mark price, index price (`spot`), the funding rate of the running interval, and when it is due.

    A contract that expires has no funding; then rate and time are None.
    """

    local_ns: int
    exch_ns: int
    mark: float
    spot: float
    funding: float | None
    due_ns: int | None


class Other(NamedTuple):
    """A message that makes no rows, by its kind."""

    local_ns: int
    exch_ns: None
    kind: str


Message = Diff | Snapshot | Trade | Ticker | Mark | Other


class Origin(NamedTuple):
    """Where a message is from; "" where it does not say."""

    venue: str
    symbol: str


_SYMBOL = re.compile(r"\w{0,30}")
_decoded = json.JSONDecoder().decode


def read(line: bytes) -> tuple[Origin, Message]:
    """What a line says, and of what; raises ValueError on a corrupt line."""
    local_ns, whole = stamped(line)
    try:
        fields = whole["data"] if "stream" in whole else whole
        origin, message = _message(local_ns, fields, wrapped=fields is not whole)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"no message of this venue: {fault!r:.80}") from fault
    if not (isinstance(origin.symbol, str) and _SYMBOL.fullmatch(origin.symbol)):
        raise ValueError(f"{origin.symbol!r:.40} is no symbol")
    return origin, message


def stamped(line: bytes, digits: int = 0) -> tuple[int, dict[str, Any]]:
    """The time of receipt in ns and the JSON object of a line; raises ValueError when it has no such form.

    `digits`: how many the time must have; 0 is as many as it likes.
    """
    stamp, _, body = line.partition(b" ")
    if not (stamp.isdigit() and len(stamp) < 20 and len(stamp) == (digits or len(stamp))):
        raise ValueError(f"the line does not begin with a time of receipt: {line[:40]!r}")
    local_ns = int(stamp)
    if not 0 < local_ns < 2**62:
        raise ValueError(f"receipt at {local_ns} ns is out of range")
    try:
        whole = _decoded(body.decode())
    except RecursionError as fault:
        raise ValueError("its JSON is nested too deep") from fault
    if not isinstance(whole, dict):
        raise ValueError("its JSON is no object")  # noqa: TRY004 - a line is corrupt, not a type wrong
    return local_ns, whole


def _message(local_ns: int, fields: dict[str, Any], *, wrapped: bool) -> tuple[Origin, Message]:
    kind = fields.get("e")
    if "ps" in fields:
        raise ValueError("a message of a coin-margined contract, which is inverse: only linear ones are read")
    if kind == "depthUpdate":
        return Origin(USDM if "pu" in fields else SPOT, fields["s"]), _diff(local_ns, fields)
    if kind in {"trade", "aggTrade"}:
        return Origin("" if "M" not in fields else SPOT, fields["s"]), _trade(local_ns, fields)
    if kind == "bookTicker" or (kind is None and "B" in fields and "u" in fields):
        return Origin(SPOT if kind is None else USDM, fields["s"]), _ticker(local_ns, fields)
    if kind == "markPriceUpdate":
        return Origin(USDM, fields["s"]), _mark(local_ns, fields)
    if kind is None and not wrapped and "lastUpdateId" in fields:
        return Origin("", ""), _snapshot(local_ns, fields)
    if kind is None and not wrapped and "result" not in fields:
        raise ValueError(f"no message of this venue: it has {', '.join(fields)}"[:120])
    symbol = fields.get("s") or fields.get("o", {}).get("s", "")
    return Origin("", symbol), Other(local_ns, None, str(kind))


def _snapshot(local_ns: int, fields: dict[str, Any]) -> Snapshot:
    exch_ns = near(local_ns, fields["T"]) if "T" in fields else None
    last = whole_number(fields["lastUpdateId"])
    return Snapshot(local_ns, exch_ns, last, packed(fields["bids"]), packed(fields["asks"]))


def _diff(local_ns: int, fields: dict[str, Any]) -> Diff:
    first, last = whole_number(fields["U"]), whole_number(fields["u"])
    before = whole_number(fields["pu"]) if "pu" in fields else first - 1
    exch_ns = near(local_ns, fields["T"] if "T" in fields else fields["E"])
    return Diff.checked(local_ns, exch_ns, (first, last, before), packed(fields["b"]), packed(fields["a"]))


def _trade(local_ns: int, fields: dict[str, Any]) -> Trade:
    aggregate = fields["e"] == "aggTrade"
    number, sold = whole_number(fields["a" if aggregate else "t"]), fields["m"]
    if not isinstance(sold, bool):
        raise ValueError("a trade has an aggressor")  # noqa: TRY004 - a line is corrupt, not a type wrong
    on_book = fields.get("X", "MARKET") == "MARKET"
    exch_ns = near(local_ns, fields["T"])
    # A print off the book is counted by its id and never used; the venue sends some with a price of zero.
    price, size = (positive(fields[key]) if on_book else 0.0 for key in "pq")
    return Trade(local_ns, exch_ns, number, price, size, sold, on_book, aggregate)


def _ticker(local_ns: int, fields: dict[str, Any]) -> Ticker:
    exch_ns = near(local_ns, fields["T"]) if "T" in fields else None
    bid, bid_size, ask, ask_size = (positive(fields[key]) for key in "bBaA")
    if bid >= ask:
        raise ValueError(f"bid {bid} is not below ask {ask}")
    return Ticker(local_ns, exch_ns, whole_number(fields["u"]), bid, bid_size, ask, ask_size)


def _mark(local_ns: int, fields: dict[str, Any]) -> Mark:
    exch_ns = near(local_ns, fields["E"])
    mark, spot = positive(fields["p"]), positive(fields["i"])
    if not fields["r"]:
        return Mark(local_ns, exch_ns, mark, spot, None, None)
    rate = float(fields["r"])
    if not math.isfinite(rate) or abs(rate) >= 1:
        raise ValueError(f"a funding rate of {rate} is none")
    return Mark(local_ns, exch_ns, mark, spot, rate, whole_number(fields["T"]) * MS)


def near(local_ns: int, time_ms: Any) -> int:
    """A time of the venue in ns; raises ValueError when it is none, or far from the time of receipt."""
    exch_ns = whole_number(time_ms) * MS
    if abs(exch_ns - local_ns) > FARTHEST_APART_NS:
        raise ValueError(f"exchange time {time_ms} ms is more than an hour from the time of receipt")
    return exch_ns


def whole_number(value: Any) -> int:
    """An id or a time as a venue writes them; raises ValueError when it is none."""
    if type(value) is not int or not 0 <= value < 2**62:
        raise ValueError(f"{value!r:.40} is no id and no time")
    return value
