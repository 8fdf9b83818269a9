"""The guard before every metric: a number that is none is a failure of the platform, never a metric."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import Broken


def finite(values: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    """`values` unchanged; raises Broken and says where when one of them is not a finite number."""
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        first = int(wrong[0])
        raise Broken(f"{what}, row {first}: {values[first]} is not a finite number; report it")
    return values
