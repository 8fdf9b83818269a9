"""A table that grows row by row, nobody knows how long."""

from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from alphaloop.market.pages import LONG, room


class Roll:
    """Rows of one dtype.  What has become long is put by in sheets, because a long array moves as it grows.

    now: the newest rows.  Who writes appends whole rows to it, as bytes, and calls `put_by` now and then.
    """

    __slots__ = ("_dtype", "_sheets", "now")

    def __init__(self, dtype: DTypeLike) -> None:
        self._dtype: Final = np.dtype(dtype)
        self.now: Final = bytearray()
        self._sheets: list[NDArray[np.uint8]] = []

    def __len__(self) -> int:
        return (sum(map(len, self._sheets)) + len(self.now)) // self._dtype.itemsize

    def put_by(self) -> None:
        """Put the newest rows by when they have become long; `now` is then empty."""
        if len(self.now) >= LONG:
            self._put_by()

    def rows(self) -> NDArray[Any]:
        """All rows, shape (n,).  Taken at the end: while they are in use, none can be appended."""
        if not self._sheets:
            return np.frombuffer(self.now, self._dtype)
        if self.now:
            self._put_by()
        if len(self._sheets) > 1:
            self._sheets = [_joined(self._sheets)]
        return self._sheets[0].view(self._dtype)

    def _put_by(self) -> None:
        self._sheets.append(_joined([np.frombuffer(self.now, np.uint8)]))
        self.now.clear()


def _joined(sheets: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """All sheets as one; each is dropped when it is copied, so that hardly anything is there twice."""
    whole = room(sum(map(len, sheets)), np.uint8)
    place = 0
    while sheets:
        sheet = sheets.pop(0)
        whole[place : place + len(sheet)] = sheet
        place += len(sheet)
    return whole
