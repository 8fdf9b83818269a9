"""Reading a reply: from bytes that nobody trusts to quotes, or to words about what is wrong with them."""

from collections.abc import Sequence
from math import isfinite

from alphaloop.contract import Quote
from alphaloop.sandbox import wire

_SIDES = {1.0: "buy", -1.0: "sell"}


class Garbled(Exception):
    """The bytes break a rule of the conversation, which the message names.  The caller ends the worker."""


def whole_length(inbox: memoryview, size: int) -> int:
    """How long the reply is of which `size` bytes have come; raises Garbled when there is no such reply."""
    if size < wire.HEADER.size:
        return wire.HEADER.size
    kind: int
    count: int
    _, kind, _, count = wire.HEADER.unpack_from(inbox)
    if kind == wire.ANSWER and count <= wire.MAX_QUOTES:
        return wire.ANSWERS[count].size
    length: int | None = wire.LENGTHS.get(kind)
    if length is None:
        raise Garbled(f"sent a reply of kind {kind} and count {count}, which does not exist")
    return length


def quotes(inbox: memoryview, count: int) -> list[Quote]:
    """The quotes of an answer; raises Garbled for a number that is not finite, a side, or a flood."""
    _, _, _, _, *flat = wire.ANSWERS[count].unpack_from(inbox)
    # A sum is finite only when all of it is; one of finite numbers may overflow, so then each is looked at.
    if not isfinite(sum(flat)):
        _refuse_endless(flat)
    quoted = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    try:
        found = [Quote(_SIDES[sign], price, size) for sign, price, size in quoted]
    except KeyError as error:
        raise Garbled(f"sent a quote with side {error}, which does not exist") from error
    if count > wire.MAX_QUOTES_PER_SIDE:
        _refuse_flood(flat[::3])
    return found


def _refuse_endless(flat: Sequence[float]) -> None:
    for price, size in zip(flat[1::3], flat[2::3], strict=True):
        if not (isfinite(price) and isfinite(size)):
            raise Garbled(f"quoted price {price} and size {size}; both must be finite numbers")


def _refuse_flood(signs: Sequence[float]) -> None:
    most = max(signs.count(1.0), signs.count(-1.0))
    if most > wire.MAX_QUOTES_PER_SIDE:
        raise Garbled(f"sent {most} quotes for one side; at most {wire.MAX_QUOTES_PER_SIDE} are allowed")


def seen(inbox: memoryview) -> tuple[int, frozenset[int]]:
    """What a watch tells: how many keys the strategy keeps, and the lines that it reached."""
    _, _, _, _, kept, bitmap = wire.SEEN_REPLY.unpack_from(inbox)
    return kept, frozenset(line for line in range(wire.MOST_LINES) if bitmap[line // 8] >> line % 8 & 1)


def confession(inbox: memoryview) -> str:
    """What a worker says of its own failure: place, callback, exception; short and printable."""
    _, kind, _, _, line, *texts = wire.FAULT.unpack_from(inbox)
    where, name, message = (_text(field) for field in texts)
    place = f"strategy.py:{line}" if line else "strategy.py"
    if kind == wire.RAISED and name:
        return f"{place}: {where} raised {name}: {message}" if message else f"{place}: {where} raised {name}"
    return f"{place}: {message}"


def _text(field: bytes) -> str:
    return wire.printable(field.rstrip(b"\0").decode("ascii", "replace"), len(field))
