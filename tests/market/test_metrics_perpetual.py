"""What a perpetual adds: liquidation, basis and funding, against numbers that were worked out by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.market.margin import liquidation_price, maintenance
from alphaloop.market.metrics.basis import basis_std, basis_zscore
from alphaloop.market.metrics.funding import funding_yield
from alphaloop.market.metrics.margin import liquidation_buffer


def _rate(journal, rate: float):
    return replace(journal, instrument=replace(journal.instrument, maintenance_margin=rate))


def test_the_buffer_of_a_long_is_how_far_the_mark_may_fall(journal_of) -> None:
    """Long 20 at 100 with equity 1,000: cash −1,000, liquidated at 1,000 / (20 · 0.995) = 50.2513.

    At the mark 90 equity is 800 and cash the same: (90 − 50.2513) / 90 = 0.441653 is the least.
    """
    marks = [(1, 200, 1000.0, 100.0), (2, 200, 800.0, 90.0), (3, 0, 700.0, 80.0)]
    assert liquidation_buffer([journal_of(marks=marks)]) == pytest.approx(0.441653, abs=1e-6)


def test_the_buffer_of_a_short_is_how_far_the_mark_may_rise(journal_of) -> None:
    """Short 20 at 100 with equity 1,000: cash 3,000, liquidated at 3,000 / (20 · 1.005) = 149.2537."""
    marks = [(1, -200, 1000.0, 100.0)]
    assert liquidation_buffer([journal_of(marks=marks)]) == pytest.approx(0.492537, abs=1e-6)


def test_a_jump_through_the_liquidation_price_is_no_comfortable_distance(journal_of) -> None:
    """Long 20 with cash −1,000 at a mark of 30: (30 − 50.2513) / 30 = −0.675, not 0.675."""
    marks = [(1, 200, -400.0, 30.0)]
    assert liquidation_buffer([journal_of(marks=marks)]) == pytest.approx(-0.675042, abs=1e-6)


def test_a_long_that_borrowed_nothing_can_lose_all_but_is_never_liquidated(journal_of) -> None:
    assert liquidation_buffer([journal_of(marks=[(1, 50, 1000.0, 100.0)])]) == 1.0


def test_without_a_position_there_is_no_buffer(journal_of) -> None:
    flat = journal_of(marks=[(1, 0, 1000.0)])
    assert liquidation_buffer([flat, journal_of()]) is None
    assert liquidation_buffer([flat, journal_of(marks=[(1, 50, 1000.0)])]) == 1.0


def test_a_higher_margin_rate_leaves_a_smaller_buffer(journal_of) -> None:
    """Long 20, cash −1,000 at 10 %: 1,000 / (20 · 0.9) = 55.5556, so 0.444444 at a mark of 100."""
    journal = journal_of(marks=[(1, 200, 1000.0)])
    assert liquidation_buffer([_rate(journal, 0.1)]) == pytest.approx(0.444444, abs=1e-6)


@given(
    position=st.floats(-1e3, 1e3).filter(lambda held: abs(held) > 1e-3),
    cash=st.floats(-1e5, 1e5),
    rate=st.floats(0.0, 0.5),
)
def test_at_the_liquidation_price_equity_is_the_maintenance_margin(position, cash, rate) -> None:
    price = liquidation_price(cash, position, rate)
    if price is not None:
        equity = cash + position * price
        assert equity == pytest.approx(maintenance(position, price, rate), abs=1e-6 * (1 + abs(cash)))


# Mid 100 for 4 s, 102 for 4 s, 103 for 2 s against an index of 100 that is 101 from 8 s on: basis 0, 2, 2.
MIDS = [(0.0, 100.0), (4.0, 102.0), (8.0, 103.0)]
INDEX = [(0.0, 100.0), (8.0, 101.0)]


def test_basis_std_is_weighted_by_time(journal_of) -> None:
    """0 for 4 s and 2 for 6 s: mean 1.2, variance (1.44 · 4 + 0.64 · 6) / 10 = 0.96, z = 0.8 / √0.96."""
    journal = journal_of(mids=MIDS, streams={"index": INDEX})
    assert basis_std([journal]) == pytest.approx(0.96**0.5)
    assert basis_zscore([journal]) == pytest.approx(0.8 / 0.96**0.5)


def test_the_basis_counts_while_mid_and_index_are_both_known(journal_of) -> None:
    """The index comes at 6 s: basis 2 for 4 s until the mid of 104 at 10 s, out of time: nothing moves."""
    journal = journal_of(mids=[(0.0, 100.0), (4.0, 102.0), (10.0, 104.0)], streams={"index": [(6.0, 100.0)]})
    assert basis_std([journal]) == 0.0
    assert basis_zscore([journal]) is None


def test_a_score_has_no_sign_because_either_side_is_as_bad(journal_of) -> None:
    """9 s at 0 and 1 s at ±1: mean ±0.1, variance 0.09, z = 0.9 / 0.3 = 3."""
    for last in (99.0, 101.0):
        journal = journal_of(mids=[(0.0, 100.0), (9.0, last)], streams={"index": [(0.0, 100.0)]})
        assert basis_zscore([journal]) == pytest.approx(3.0)


def test_one_episode_without_an_index_makes_the_basis_missing(journal_of) -> None:
    known, late = (journal_of(mids=MIDS, streams={"index": rows}) for rows in (INDEX, [(11.0, 100.0)]))
    for others in ([journal_of(mids=MIDS)], [known, journal_of(mids=MIDS)], [known, late], []):
        assert (basis_std(others), basis_zscore(others)) == (None, None)


def test_funding_yield_is_what_the_side_that_was_held_receives(journal_of) -> None:
    """Long for 2 s at 0.0001, flat for 2 s, short for 3 s at 0.0001 and 3 s at 0.0003.

    (−2 · 0.0001 + 3 · 0.0001 + 3 · 0.0003) / 8 = 0.000125 a settlement, 1,095 settlements a year: 0.136875.
    """
    marks = [(0, 10, 1000.0), (2, 0, 1000.0), (4, -5, 1000.0)]
    journal = journal_of(marks=marks, streams={"funding": [(0.0, 1e-4), (7.0, 3e-4)]})
    assert funding_yield([journal]) == pytest.approx(0.136875)


def test_funding_yield_is_weighted_by_time_over_all_episodes(journal_of) -> None:
    """10 s short at 0.0001 and 5 s long at 0.0002: (10 · 0.0001 − 5 · 0.0002) / 15 = 0."""
    short = journal_of(marks=[(0, -1, 1000.0)], streams={"funding": [(0.0, 1e-4)]})
    long = journal_of(marks=[(5, 7, 1000.0)], streams={"funding": [(0.0, 2e-4)]})
    assert funding_yield([short]) == pytest.approx(0.1095)
    assert funding_yield([short, long]) == pytest.approx(0.0)


def test_without_a_stream_or_a_position_there_is_no_funding_yield(journal_of) -> None:
    held, stream = [(0, 10, 1000.0)], {"funding": [(0.0, 1e-4)]}
    assert funding_yield([journal_of(marks=held)]) is None
    assert funding_yield([journal_of(marks=[(0, 0, 1000.0)], streams=stream)]) is None
    assert funding_yield([journal_of(marks=held, streams={"funding": [(11.0, 1e-4)]})]) is None
    assert funding_yield([journal_of(marks=held, streams=stream), journal_of(marks=held)]) is None
    assert funding_yield([]) is None


@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
def test_a_stream_value_that_is_no_number_is_refused_and_never_taken_for_unknown(journal_of, poison) -> None:
    streams = {name: [(0.0, 1e-4), (5.0, poison)] for name in ("index", "funding")}
    journal = journal_of(mids=MIDS, marks=[(0, 10, 1000.0)], streams=streams)
    with pytest.raises(Broken, match="index, row 1"):
        basis_std([journal])
    with pytest.raises(Broken, match="funding rate, row 1"):
        funding_yield([journal])
    with pytest.raises(Broken, match="mark, row 0"):
        liquidation_buffer([journal_of(marks=[(0, 10, 1000.0, poison)])])
