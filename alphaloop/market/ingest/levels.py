"""Prices and sizes as the venue writes them: checked, and packed as `price,size,price,size,…`.

Packed levels are kept until there are many and then become numbers at once, which is what makes reading fast.
"""

import re
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

DECIMAL = re.compile(r"\d{1,18}(?:\.\d{1,18})?", re.ASCII)
LARGEST = 1e15
"""Beyond this a float no longer tells ticks apart, so it is no price and no size."""
_DIGITS = b"0123456789"
_LEVEL = b'[".","."],'
_ZERO_PRICE = re.compile(rb'\["0+\.0+"')


def packed(levels: Any) -> bytes:
    """`[[price, size], …]` out of JSON; raises ValueError when it is anything else, or a price is zero."""
    # The type first: a text of two characters has the length of a level too.
    if type(levels) is not list or not ({*map(type, levels)} <= {list} and {*map(len, levels)} <= {2}):
        raise ValueError("its levels are no pairs of price and size")
    texts = [*chain.from_iterable(levels)]
    for text in texts[0::2]:
        positive(text)
    for text in texts[1::2]:
        decimal(text)
    return ",".join(texts).encode()


def unwrapped(raw: bytes) -> bytes | None:
    """The same from the raw text between the outer brackets; None when it is not written as the venue does.

    Without its digits such a text is one pattern over and over, so its whole form is checked at once.
    """
    if raw.translate(None, _DIGITS) + b"," * bool(raw) != _LEVEL * raw.count(b"["):
        return None
    if b'".' in raw or b'."' in raw or (b'["0' in raw and _ZERO_PRICE.search(raw)):
        return None
    return raw.translate(None, b'[]"')


def count(levels: bytes) -> int:
    """How many there are."""
    return (levels.count(b",") + 1) // 2


def positive(text: Any) -> float:
    """A price; raises ValueError when it is none."""
    value = decimal(text)
    if value <= 0:
        raise ValueError(f"{text} is no price: it is zero")
    return value


def decimal(text: Any) -> float:
    """A price or size; raises ValueError when it is no plain decimal number, or out of range."""
    if not (isinstance(text, str) and DECIMAL.fullmatch(text)) or float(text) > LARGEST:
        raise ValueError(f"{text!r:.40} is no price and no size")
    return float(text)


def numbers(levels: list[bytes]) -> NDArray[np.float64]:
    """Prices and sizes of packed levels; shape (2, n)."""
    return np.fromstring(b",".join(levels), np.float64, sep=",").reshape(-1, 2).T
