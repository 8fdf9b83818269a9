"""Reading a reply: from bytes that nobody trusts to quotes, or to words about what is wrong with them."""

from collections.abc import Callable, Sequence
from math import isfinite, isinf, isnan
from typing import Any, Final

from alphaloop.contract import Quote
from alphaloop.sandbox import wire
from alphaloop.sandbox.newborn import new_quote

Reply = tuple[Any, ...]
"""Sequence, kind, mask, count; then the numbers of an answer, three for each quote."""

# Looked up once: these are of every step.
_ANSWER: Final = wire.ANSWER
_HEADER_BYTES: Final = wire.HEADER.size
_QUOTE_BYTES: Final = wire.QUOTE.size
_FIELDS: Final = 4
_NUMBERS: Final = 3
_WHOLE: Final[dict[int, Callable[[memoryview], Reply]]] = {
    answer.size: answer.unpack_from for answer in wire.ANSWERS
}


class Garbled(Exception):
    """The bytes break a rule of the conversation, which the message names.  The caller ends the worker."""


def whole_answer(inbox: memoryview, size: int) -> Reply | None:
    """The answer that these `size` bytes are, or None when they are less, more or something else."""
    unpack = _WHOLE.get(size)
    if unpack is None:
        return None
    reply = unpack(inbox)
    kind: int = reply[1]
    count: int = reply[3]
    return reply if kind == _ANSWER and size == _HEADER_BYTES + count * _QUOTE_BYTES else None


def whole_length(inbox: memoryview, size: int) -> int:
    """How long the reply is of which `size` bytes have come; raises Garbled when there is no such reply."""
    if size < _HEADER_BYTES:
        return _HEADER_BYTES
    kind: int
    count: int
    _, kind, _, count = wire.HEADER.unpack_from(inbox)
    if kind == _ANSWER and count <= wire.MAX_QUOTES:
        return _HEADER_BYTES + count * _QUOTE_BYTES
    length: int | None = wire.LENGTHS.get(kind)
    if length is None:
        raise Garbled(f"sent a reply of kind {kind} and count {count}, which does not exist")
    return length


def quotes(answer: Reply) -> list[Quote]:
    """The quotes of an answer; raises Garbled for a number that is not finite, a side, or a flood."""
    found: list[Quote] = []
    total = 0.0
    for place in range(_FIELDS, len(answer), _NUMBERS):
        sign: float = answer[place]
        price: float = answer[place + 1]
        size: float = answer[place + 2]
        total += price + size
        found.append(new_quote(_side(sign), price, size))
    # A sum is finite only when all of it is; one of finite numbers may overflow, so then each is looked at.
    if isinf(total) or isnan(total):
        _refuse_endless(found)
    if len(found) > wire.MAX_QUOTES_PER_SIDE:
        _refuse_flood(found)
    return found


def _side(sign: float) -> str:
    if sign == 1.0:
        return "buy"
    if sign == -1.0:
        return "sell"
    raise Garbled(f"sent a quote with side {sign}, which does not exist")


def _refuse_endless(found: Sequence[Quote]) -> None:
    for quote in found:
        if not (isfinite(quote.price) and isfinite(quote.size)):
            raise Garbled(f"quoted price {quote.price} and size {quote.size}; both must be finite numbers")


def _refuse_flood(found: Sequence[Quote]) -> None:
    buys = sum(quote.side == "buy" for quote in found)
    most = max(buys, len(found) - buys)
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
