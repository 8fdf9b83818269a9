"""Reading a reply: from bytes that nobody trusts to quotes, or to words about what is wrong with them."""

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
    flat = wire.ANSWERS[count].unpack_from(inbox)
    found = []
    balance = 0.0
    for sign, price, size in zip(flat[4::3], flat[5::3], flat[6::3], strict=True):
        side = _SIDES.get(sign)
        if side is None:
            raise Garbled(f"sent a quote with side {sign}, which does not exist")
        if not (isfinite(price) and isfinite(size)):
            raise Garbled(f"quoted price {price} and size {size}; both must be finite numbers")
        found.append(Quote(side, price, size))
        balance += sign
    most = (count + int(abs(balance))) // 2
    if most > wire.MAX_QUOTES_PER_SIDE:
        raise Garbled(f"sent {most} quotes for one side; at most {wire.MAX_QUOTES_PER_SIDE} are allowed")
    return found


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
