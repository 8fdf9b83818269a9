"""What the ids of a stream tell: what came twice, what came late, what never came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sequence:
    """Of ids in order of receipt.

    first: shape (n,), whether an id had not come before; duplicates: those that had; late: ids that came
    after a higher one; missing: ids between the lowest and the highest that never came.
    """

    first: NDArray[np.bool_]
    duplicates: int
    late: int
    missing: int


def sequence(numbers: NDArray[np.int64]) -> Sequence:
    """The sequence of `numbers`, shape (n,)."""
    first = np.zeros(len(numbers), bool)
    if not len(numbers):
        return Sequence(first, 0, 0, 0)
    distinct, places = np.unique(numbers, return_index=True)
    first[places] = True
    once = numbers[first]
    late = int((once < np.maximum.accumulate(once)).sum())
    missing = int(distinct[-1]) - int(distinct[0]) + 1 - len(distinct)
    return Sequence(first, len(numbers) - len(distinct), late, missing)
