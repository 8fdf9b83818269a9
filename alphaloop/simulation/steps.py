"""A step function of time, made of a long tape piece by piece."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.pages import room

AT_ONCE = 8_192
"""Rows that are looked at together: what is made of them on the way, Python numbers too, is never more."""

Integers = NDArray[np.int64]


def pieces(column: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """A long array as short ones."""
    for start in range(0, len(column), AT_ONCE):
        yield column[start : start + AT_ONCE]


def together(parts: Iterable[Integers], most: int) -> Integers:
    """The parts, of which each is made when it is its turn, as one; they have at most so many elements."""
    whole, length = room(most, np.int64), 0
    for part in parts:
        whole[length : length + len(part)] = part
        length += len(part)
    return whole[:length]


class Steps:
    """What holds from when on, of times that do not fall: the last of an instant, where it is another."""

    def __init__(self, width: int, most: int) -> None:
        self._times_ns: Integers = room(most, np.int64)
        self._states: Integers = room(most * width, np.int64).reshape(most, width)
        self._length = 0
        # The newest, which the next piece may still replace.
        self._newest_ns, self._newest = self._times_ns[:0], self._states[:0]

    def add(self, times_ns: Integers, states: Integers) -> None:
        """Take in a piece: shapes (n,) and (n, width)."""
        if len(times_ns) == 0:
            return
        times_ns = np.concatenate((self._newest_ns, times_ns))
        states = np.concatenate((self._newest, states))
        self._newest_ns, self._newest = times_ns[-1:].copy(), states[-1:].copy()
        last = np.flatnonzero(times_ns[1:] != times_ns[:-1])
        self._write(times_ns[last], states[last])

    def all(self) -> tuple[Integers, Integers]:
        """Times and states, shapes (n,) and (n, width); asked once, behind the last piece."""
        self._write(self._newest_ns, self._newest)
        return self._times_ns[: self._length], self._states[: self._length]

    def _write(self, times_ns: Integers, states: Integers) -> None:
        if len(times_ns) == 0:
            return
        known = self._states[self._length - 1 : self._length] if self._length else ~states[:1]
        changed = np.flatnonzero((states != np.concatenate((known, states[:-1]))).any(axis=1))
        first, self._length = self._length, self._length + len(changed)
        self._times_ns[first : self._length] = times_ns[changed]
        self._states[first : self._length] = states[changed]
