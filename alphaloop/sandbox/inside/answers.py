"""Inside the worker: what `on_book` returned, as the bytes of a reply, or a refusal that names it."""

from collections.abc import Sequence
from typing import Any, Final

from alphaloop.contract import Quote
from alphaloop.sandbox.wire import ANSWER, ANSWERS, MAX_QUOTES, MAX_QUOTES_PER_SIDE

_ANSWERS: Final = ANSWERS
_SIGNS: Final = {"buy": 1.0, "sell": -1.0}
# A float counts every whole number up to here.
_EXACT: Final = 2**53


class Malformed(Exception):
    """`on_book` returned something else than a list of quotes.  The strategy's author must correct it."""


def packed(sequence: int, returned: Sequence[Any]) -> bytes:
    """The reply for what `on_book` returned; raises Malformed.

    Whether the numbers are finite is for the parent to say: nothing that is checked only here holds.
    """
    count = len(returned)
    if count > MAX_QUOTES:
        raise Malformed(f"on_book returned {count} quotes; at most {MAX_QUOTES_PER_SIDE} per side")
    numbers: list[Any] = [sequence, ANSWER, 0, count]
    for quote in returned:
        if type(quote) is not Quote:
            raise Malformed(f"on_book returned a list with {shown(quote)} in it; return only Quote")
        # What its fields hold is not what they are declared to hold, and is not to be taken for it.
        unread: Any = quote
        side, price, size = unread.side, unread.price, unread.size
        sign = _SIGNS.get(side) if isinstance(side, str) else None
        if sign is None:
            raise Malformed(f'on_book returned a quote with side {shown(side)}; write "buy" or "sell"')
        if not (_is_number(price) and _is_number(size)):
            raise Malformed(f"on_book returned {_wrong_number(quote)}; make it a float")
        numbers += (sign, price, size)
    return _ANSWERS[count].pack(*numbers)


def _is_number(value: Any) -> bool:
    """A float, of which a numpy double is one, or an int that a float holds exactly; a bool is neither."""
    return isinstance(value, float) or (type(value) is int and -_EXACT <= value <= _EXACT)


def _wrong_number(quote: Any) -> str:
    name = "size" if _is_number(quote.price) else "price"
    return f"a quote with {name} {shown(getattr(quote, name))}"


def shown(value: Any) -> str:
    """Name a value without letting it decide how much is said: huge integers and long texts are cut."""
    name = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, bool):
        return f"{name} {value}"
    if isinstance(value, int):
        return f"{name} {value}" if value.bit_length() <= 64 else f"{name} of {value.bit_length()} bits"
    if isinstance(value, str):
        return f"{name} {value[:32]!r}"
    return f"a {name}"
