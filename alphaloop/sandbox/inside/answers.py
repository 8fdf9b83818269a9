"""Inside the worker: what `on_book` returned, as the bytes of a reply, or a refusal that names it."""

from collections.abc import Sequence
from typing import Any

from alphaloop.contract import Quote
from alphaloop.sandbox.wire import ANSWER, ANSWERS, MAX_QUOTES_PER_SIDE

_SIGNS = {"buy": 1.0, "sell": -1.0}


class Malformed(Exception):
    """`on_book` returned something else than a list of quotes.  The strategy's author must correct it."""


def pack_answer(reply: memoryview, sequence: int, returned: Sequence[Any]) -> int:
    """Write the reply for what `on_book` returned, and return its length in bytes; raises Malformed.

    Whether the numbers are finite is for the parent to say: nothing that is checked only here holds.
    """
    if len(returned) > 2 * MAX_QUOTES_PER_SIDE:
        raise Malformed(f"on_book returned {len(returned)} quotes; at most {MAX_QUOTES_PER_SIDE} per side")
    flat: list[float] = []
    for quote in returned:
        if type(quote) is not Quote:
            raise Malformed(f"on_book returned a list with {shown(quote)} in it; return only Quote")
        sign = _SIGNS.get(quote.side) if isinstance(quote.side, str) else None
        if sign is None:
            raise Malformed(f'on_book returned a quote with side {shown(quote.side)}; write "buy" or "sell"')
        # bool and int are no float; a numpy double is one.
        if not isinstance(quote.price, float) or not isinstance(quote.size, float):
            raise Malformed(f"on_book returned {_wrong_number(quote)}; make it a float")
        flat += (sign, quote.price, quote.size)
    layout = ANSWERS[len(returned)]
    layout.pack_into(reply, 0, sequence, ANSWER, 0, len(returned), *flat)
    return layout.size


def _wrong_number(quote: Quote) -> str:
    name = "size" if isinstance(quote.price, float) else "price"
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
