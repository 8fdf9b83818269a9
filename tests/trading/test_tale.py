"""What is told of one order: twice, late and out of order, and never wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.facts.order import Side
from alphaloop.trading.tale import Tale


def tale(size=5):
    return Tale(1, Side.BUY, size)


def test_a_fill_that_is_told_again_is_no_news():
    """Size 5: a fill of 2 leaves 3 and took the lots from 5 down to 3; told again it takes nothing."""
    told = tale()
    assert told.fill(2, 3)
    assert not told.fill(2, 3)
    assert told.open == 3


def test_fills_may_come_in_any_order():
    told = tale()
    assert told.fill(1, 0)
    assert told.fill(2, 3)
    assert told.open == 2
    assert told.fill(2, 1)
    assert told.open == 0


def test_an_end_that_overtakes_a_fill_keeps_its_lots_open():
    """5 lots, ended with 2 over, one fill of 1 told: 2 more were filled and are on their way."""
    told = tale()
    told.fill(1, 4)
    assert told.end(2)
    assert told.open == 2
    assert told.fill(2, 2)
    assert told.open == 0
    assert not told.end(2)


def test_the_end_of_what_is_filled_is_no_news():
    told = tale()
    told.fill(5, 0)
    assert not told.end(0)


@pytest.mark.parametrize(
    ("lots", "left"), [(0, 3), (-1, 3), (2, 4), (1, -1), (6, 0), (2, 2), (3, 2), (0, None), (6, None)]
)
def test_a_fill_of_lots_that_are_not_free_is_the_platforms_failure(lots, left):
    told = tale()
    told.fill(2, 3)
    with pytest.raises(Broken, match="lots open"):
        told.fill(lots, left)


@pytest.mark.parametrize("rest", [-1, 4, 6])
def test_an_end_with_more_over_than_can_be_is_the_platforms_failure(rest):
    told = tale()
    told.fill(2, 3)
    with pytest.raises(Broken, match="lots over"):
        told.end(rest)


def test_two_ends_that_differ_are_the_platforms_failure():
    told = tale()
    told.end(5)
    with pytest.raises(Broken, match="lots over"):
        told.end(4)


def test_a_fill_below_the_end_is_the_platforms_failure():
    told = tale()
    told.end(3)
    with pytest.raises(Broken, match="lots open"):
        told.fill(3, 2)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(0, 9), st.data())
def test_however_often_and_in_whatever_order_it_is_told_each_lot_is_booked_once(sizes, rest, data):
    size = sum(sizes) + rest
    left, fills = size, []
    for lots in sizes:
        left -= lots
        fills.append((lots, left))
    told, booked = tale(size), 0
    news = data.draw(st.permutations([*fills, *fills, None, None]))
    for one in news:
        if one is None:
            told.end(rest)
        elif told.fill(*one):
            booked += one[0]
        assert told.open >= 0
        assert booked == told.filled
    assert (booked, told.open) == (sum(sizes), 0)
