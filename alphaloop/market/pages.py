"""Memory that is there from when it is written until it is dropped.

The C library keeps what it is given back, and what grows there leaves holes wherever it was before.  What is
as long as a tape is therefore taken from the system itself.
"""

import mmap
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

LONG: Final = 1 << 17
"""Bytes from which on it is worth the while."""


def pages(length: int) -> mmap.mmap:
    """So many bytes of zeros, at least one."""
    return mmap.mmap(-1, length, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def room(most: int, dtype: DTypeLike) -> NDArray[Any]:
    """Room for so many elements, shape (most,), of which those that are never written cost nothing."""
    length = most * np.dtype(dtype).itemsize
    return np.frombuffer(pages(length), dtype, most) if length >= LONG else np.zeros(most, dtype)
