"""Room for long arrays, and what recordings are put together in it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.market.ingest.recording import _inserted
from alphaloop.market.pages import LONG, room
from alphaloop.market.tape import EVENT

PAIR = np.dtype([("first", "i8"), ("second", "f8")])


@pytest.mark.parametrize("most", [0, 1, LONG])
def test_room_is_of_zeros_that_can_be_written(most):
    made = room(most, PAIR)
    assert made.shape == (most,)
    assert not made["second"].any()
    made["first"] = 1
    assert made["first"].sum() == most


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process holds")
def test_room_that_is_never_written_is_no_memory():
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096

    before = resident()
    made = room(50_000_000, np.int64)
    made[:1_000] = 1
    assert resident() - before < 16 * LONG


def numbered(first, count):
    rows = np.zeros(count, EVENT)
    rows["px"] = first + np.arange(count)
    return rows


@given(st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n), max_size=20))))
def test_rows_are_always_inserted_as_numpy_does(told):
    count, places = told
    rows, others, places = numbered(0, count), numbered(100, len(places)), np.array(sorted(places), np.int64)
    made = _inserted(rows, places, others)
    assert made.tobytes() == np.insert(rows, places, others).tobytes()
