"""Rows that come one by one, kept as compact columns: a day of messages fits into memory that way."""

from array import array

import numpy as np
from numpy.typing import NDArray


class Columns:
    """Rows of `whole` integers and `real` numbers each."""

    def __init__(self, whole: int, real: int) -> None:
        self._shape = whole, real
        self._whole, self._real = array("q"), array("d")

    def add(self, whole: tuple[int, ...], real: tuple[float, ...] = ()) -> None:
        """Append one row; both tuples must have the lengths named at birth."""
        self._whole.extend(whole)
        self._real.extend(real)

    def __len__(self) -> int:
        return len(self._whole) // self._shape[0]

    def whole(self) -> NDArray[np.int64]:
        """The integers, shape (columns, n)."""
        return np.array(self._whole, np.int64).reshape(-1, self._shape[0]).T

    def real(self) -> NDArray[np.float64]:
        """The numbers, shape (columns, n)."""
        return np.array(self._real, np.float64).reshape(-1, self._shape[1]).T
