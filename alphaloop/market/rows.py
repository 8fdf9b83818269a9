"""Event rows, built from columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.tape import EVENT, EXCHANGE, LOCAL, Rows

BOTH = EXCHANGE | LOCAL

Column = Sequence[int] | Sequence[float] | NDArray[Any]


def rows(ev: Column, exch_ns: Column, local_ns: Column, price: Column, size: Column) -> Rows:
    """Rows of dtype EVENT, shape (n,): `ev` with all flags, times in ns, price in quote, size in base."""
    made = np.zeros(len(ev), EVENT)
    made["ev"] = ev
    made["exch_ts"] = exch_ns
    made["local_ts"] = local_ns
    made["px"] = price
    made["qty"] = size
    return made


def decimals(step: float) -> int:
    """The number of decimals that a tick or lot needs, so that its multiples can be rounded exactly."""
    mantissa, _, exponent = f"{step:.12e}".partition("e")
    return max(0, len(mantissa.rstrip("0").partition(".")[2]) - int(exponent))


def multiples(counts: Column, step: float) -> NDArray[np.float64]:
    """`counts` steps as the nearest decimal numbers: 3 ticks of 0.1 are 0.3, not 0.30000000000000004."""
    places = decimals(step)
    exact = np.round(np.asarray(counts, dtype=np.float64) * step, places)
    return np.asarray(exact, dtype=np.float64)
