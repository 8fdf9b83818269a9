"""Tick and lot, inferred exactly from the numbers that the venue sent."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

MOST_PLACES = 12


def step(values: NDArray[np.float64]) -> Decimal | None:
    """The greatest decimal number that divides all of `values`, shape (n,).

    None when all are zero, or when they are no decimal numbers of at most MOST_PLACES places.  It is at least
    as large as the venue's own step, and equals it on any recording with a few distinct values.

    A decimal text becomes the float nearest to it, and a whole number divided by a power of ten does too; so
    they are compared for equality, and nothing is rounded away.
    """
    distinct = np.unique(values)
    for places in range(MOST_PLACES + 1):
        whole = np.rint(distinct * 10.0**places)
        if (whole / 10.0**places == distinct).all():
            return _divisor(whole, places)
    return None


def _divisor(whole: NDArray[np.float64], places: int) -> Decimal | None:
    if not len(whole) or np.abs(whole).max() >= 2**53:
        return None
    divisor = int(np.gcd.reduce(whole.astype(np.int64)))
    return Decimal(divisor).scaleb(-places) if divisor else None
