"""A long series with as many points as a sheet can show."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
Numbers = NDArray[np.floating[Any]]

COLUMNS = 120
"""A column of the sheet is about five points wide; each keeps its first, lowest, highest and last value."""


def column_ns(times_ns: Times, columns: int = COLUMNS) -> int:
    """How much time lies under one column, ns."""
    return int(times_ns[-1] - times_ns[0]) // columns


def bridged(times_ns: Times, values: Numbers, narrow_ns: int) -> tuple[Times, Numbers]:
    """The series without the holes that are narrower than `narrow_ns`: each value holds over them."""
    lasts_ns = np.diff(times_ns, append=times_ns[-1:])
    kept = ~np.isnan(values) | (lasts_ns >= narrow_ns)
    kept[-1:] = True
    return times_ns[kept], values[kept]


def changes(times_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
    """The points at which the value is another than before, and the last one."""
    kept = np.ones(len(values), np.bool_)
    both_missing = np.isnan(values[1:-1]) & np.isnan(values[:-2])
    kept[1:-1] = (values[1:-1] != values[:-2]) & ~both_missing
    return times_ns[kept], values[kept]


def held(times_ns: Times, values: Numbers, narrow_ns: int) -> tuple[Times, Numbers]:
    """The points of a line that holds each value until the next one, where that is farther than `narrow_ns`.

    Straight lines between the others are as good as steps: they are narrower than a column.
    """
    ends = np.flatnonzero(np.diff(times_ns) > narrow_ns)
    return np.insert(times_ns, ends + 1, times_ns[ends + 1]), np.insert(values, ends + 1, values[ends])


def thinned(times_ns: Times, values: Numbers, columns: int = COLUMNS) -> tuple[Times, Numbers]:
    """The points that are seen; shape (n,) each, times rising, NaN where there is nothing to see.

    No extreme is lost: what is left out lies between two points of its own column.
    """
    if len(times_ns) <= 2 * columns:
        return times_ns, values
    edges = times_ns[0] + column_ns(times_ns, columns) * np.arange(1, columns)
    starts = np.unique(np.concatenate([[0], np.searchsorted(times_ns, edges)]))
    ends = np.append(starts[1:], len(times_ns))
    lowest, highest = np.where(np.isnan(values), np.inf, values), np.where(np.isnan(values), -np.inf, values)
    kept = {
        place
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        for place in (
            start,
            start + int(np.argmin(lowest[start:end])),
            start + int(np.argmax(highest[start:end])),
            end - 1,
        )
    }
    places = np.array(sorted(kept), np.int64)
    return times_ns[places], values[places]
