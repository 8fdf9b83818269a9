"""Rows that are appended come back as they were, and their memory goes where it came from."""

import gc
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.market.pages import LONG
from alphaloop.simulation import roll
from alphaloop.simulation.roll import Roll

PAIR = np.dtype([("first", "i8"), ("second", "f8")])


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 200))
def test_rows_always_come_back_as_they_were_appended(lengths, long):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(roll, "LONG", long)
        made, appended, number = Roll(PAIR), [], 0
        now = made.now
        for length in lengths:
            rows = np.zeros(length, PAIR)
            rows["first"] = number + np.arange(length)
            rows["second"] = rows["first"] / 3
            number += length
            now += rows.tobytes()
            made.put_by()
            appended += rows.tolist()
        assert made.now is now
        assert len(made) == len(appended)
        assert made.rows().tolist() == appended
        assert made.rows().dtype == PAIR


@pytest.mark.parametrize("count", [10, LONG])
def test_rows_that_are_asked_for_twice_are_there_once(count):
    made = Roll(np.int64)
    for number in range(2):
        made.now.extend(np.arange(count * number, count * (number + 1)).tobytes())
        made.put_by()
    assert np.shares_memory(made.rows(), made.rows())
    assert made.rows().tolist() == list(range(2 * count))


def test_a_table_without_rows_is_empty():
    made = Roll(PAIR)
    made.put_by()
    assert len(made) == 0
    assert made.rows().shape == (0,)


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process holds")
def test_the_system_has_back_what_a_long_table_held():
    before = resident()
    made = Roll(np.int64)
    for start in range(0, 8_000_000, 8_192):
        made.now.extend(np.arange(start, start + 8_192).tobytes())
        made.put_by()
    grown = resident() - before
    assert grown > 60_000_000
    # Joining them has never more than one sheet twice; sixteen times that is room for what else is going on.
    rows = made.rows()
    assert resident() - before - grown < 16 * LONG
    del made, rows
    gc.collect()
    assert resident() - before < 16 * LONG
