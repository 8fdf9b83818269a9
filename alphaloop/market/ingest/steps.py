"""Tick and lot, inferred exactly from the decimal strings that the venue sent."""

import math
from collections.abc import Iterable
from decimal import Decimal


def step(texts: Iterable[str]) -> Decimal | None:
    """The greatest decimal number that divides all of `texts`; None when all are zero.

    It is at least as large as the venue's own step, and equals it on any recording with a few distinct
    values.
    """
    numbers = [Decimal(text).normalize() for text in set(texts)]
    places = max((-exponent for exponent in map(_exponent, numbers) if exponent < 0), default=0)
    whole = math.gcd(*(int(number.scaleb(places)) for number in numbers))
    return Decimal(whole).scaleb(-places) if whole else None


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    # "n", "N" and "F" mark what is no number; such a line was quarantined when it was read.
    return exponent if isinstance(exponent, int) else 0
