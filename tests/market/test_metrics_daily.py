"""Ratios a year: only from whole days, and only from twenty of them."""

import math

import pytest

from alphaloop.market.metrics.daily import (
    daily_profits,
    sharpe_annual,
    sharpe_annual_error,
    sortino_annual,
)

DAY_S = 86_400.0


def _days(journal_of, profits, late_s: float = 0.0):
    """One episode of whole days that earns `profits`, a mark in the middle of each day."""
    equity, marks = 1000.0, []
    for day, profit in enumerate(profits):
        equity += profit
        marks.append(((day + 0.5) * DAY_S, 0, equity))
    return journal_of(marks=marks, end_s=len(profits) * DAY_S + late_s)


def test_daily_profits_are_of_whole_days_from_the_begin(journal_of) -> None:
    """Marks at noon; half a day more is none, and the first day begins with the capital."""
    assert daily_profits([_days(journal_of, [5.0, -2.0], 0.4 * DAY_S)]).tolist() == [5.0, -2.0]
    assert daily_profits([journal_of(marks=[(1, 0, 1001.0)])]).tolist() == []
    assert daily_profits([]).tolist() == []


def test_days_of_several_episodes_are_counted_together(journal_of) -> None:
    many = [_days(journal_of, [1.0]), _days(journal_of, [2.0, 3.0])]
    assert daily_profits(many).tolist() == [1.0, 2.0, 3.0]


def test_nineteen_days_are_no_year(journal_of) -> None:
    few = [_days(journal_of, [1.0, -1.0] * 9 + [1.0])]
    assert (sharpe_annual(few), sharpe_annual_error(few), sortino_annual(few)) == (None, None, None)


def test_twenty_days_make_a_year_with_its_error(journal_of) -> None:
    """Ten days of +3 and ten of −1: mean 1, Σ(x − 1)² = 80, deviation √(80/19), S = √(19/80) = 0.487340.

    A year: √365 S = 9.310612.  Error √365 √((1 + S²/2) / 20) = 4.518538.  Downside √(10/20), so Sortino
    √365 / √0.5 = 27.018512.
    """
    days = [_days(journal_of, [3.0, -1.0] * 10)]
    ratio = math.sqrt(19 / 80)
    assert sharpe_annual(days) == pytest.approx(math.sqrt(365) * ratio)
    assert sharpe_annual(days) == pytest.approx(9.310612, abs=1e-6)
    assert sharpe_annual_error(days) == pytest.approx(4.518538, abs=1e-6)
    assert sortino_annual(days) == pytest.approx(27.018512, abs=1e-6)


def test_without_dispersion_or_a_losing_day_there_is_no_ratio(journal_of) -> None:
    assert sharpe_annual([_days(journal_of, [2.0] * 25)]) is None
    assert sortino_annual([_days(journal_of, [2.0, 1.0] * 12)]) is None


def test_twenty_short_episodes_are_no_days(journal_of) -> None:
    """Twenty minutes a day would be annualised by the square root of a year that was never seen."""
    short = [journal_of(marks=[(1, 0, 1000.0 + place)], end_s=60.0) for place in range(40)]
    assert sharpe_annual(short) is None
