"""A step function of a long tape, made piece by piece."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.simulation.steps import AT_ONCE, Steps, pieces, together

CHANGES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)), max_size=40)


def taken_in(times_ns, states, cuts, width):
    """What `Steps` says of columns that come cut at places."""
    steps, start = Steps(width, len(times_ns)), 0
    for stop in [*sorted(cuts), len(times_ns)]:
        steps.add(
            np.array(times_ns[start:stop], np.int64),
            np.array(states[start:stop], np.int64).reshape(-1, width),
        )
        start = max(start, stop)
    return [column.tolist() for column in steps.all()]


def told(times_ns, states):
    """The same from a dictionary: the last of each instant, and of those the ones that differ."""
    last = dict(zip(times_ns, states, strict=True))
    kept, before = [], None
    for time_ns, state in last.items():
        if state != before:
            kept.append((time_ns, state))
        before = state
    return [[time_ns for time_ns, _ in kept], [list(state) for _, state in kept]]


def test_what_happens_at_one_instant_is_one_change_and_no_change_is_none():
    states = [(1, 1, 2, 2), (1, 1, 0, 0), (1, 1, 3, 3), (1, 1, 3, 3)]
    assert taken_in([10, 20, 20, 30], states, [], 4) == [[10, 20], [[1, 1, 2, 2], [1, 1, 3, 3]]]


def test_the_first_state_is_told_also_when_it_is_nothing():
    assert taken_in([10, 20], [(0,), (1,)], [], 1) == [[10, 20], [[0], [1]]]


def test_of_nothing_there_is_nothing():
    assert taken_in([], [], [0, 0], 2) == [[], []]


@given(CHANGES, st.lists(st.integers(0, 40), max_size=8))
def test_it_never_matters_where_the_pieces_are_cut(changes, cuts):
    times_ns = np.cumsum([after for after, *_ in changes]).tolist()
    states = [state for _, *state in changes]
    assert taken_in(times_ns, states, cuts, 2) == told(times_ns, states)


def test_a_function_of_many_pages_is_whole():
    times_ns = list(range(0, 200_000, 2))
    states = [(time_ns % 7,) for time_ns in times_ns]
    assert taken_in(times_ns, states, range(0, 100_000, 8_192), 1) == told(times_ns, states)


@pytest.mark.parametrize("length", [0, 1, AT_ONCE, AT_ONCE + 1, 100_000])
def test_pieces_are_the_whole(length):
    column = np.arange(length)
    assert together(pieces(column), length + 7).tolist() == column.tolist()
    assert max((len(piece) for piece in pieces(column)), default=0) <= AT_ONCE
