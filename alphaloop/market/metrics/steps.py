"""Values that hold from their time until the next."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def steps(times_ns: NDArray[np.int64], values: NDArray[Any], at_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """The value that holds at each of `at_ns`, shape of `at_ns`; NaN, here only, where there is none yet."""
    place = np.searchsorted(times_ns, at_ns, side="right") - 1
    found = np.full(len(at_ns), np.nan)
    seen = place >= 0
    found[seen] = values[place[seen]]
    return found


def held_s(times_ns: NDArray[np.int64], start_ns: int, end_ns: int) -> NDArray[np.float64]:
    """For how long the value of each time holds within an episode, seconds; 0 outside of it."""
    edges = np.clip(np.append(times_ns, max(end_ns, start_ns)), start_ns, end_ns)
    return np.diff(edges) / 1e9
