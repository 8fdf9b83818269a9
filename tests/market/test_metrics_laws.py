"""What holds of a metric whatever was traded."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Side
from alphaloop.market.metrics import returns
from alphaloop.market.metrics.daily import DAYS_A_YEAR
from alphaloop.market.metrics.deflated import deflated_sharpe, probabilistic_sharpe
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.markout import markout
from alphaloop.market.metrics.pnl import attribution, pnl
from alphaloop.market.metrics.position import inventory_bands
from alphaloop.market.metrics.value_at_risk import value_at_risk_99
from alphaloop.trading.account import Account

PROFITS = st.lists(st.integers(-1000, 1000), min_size=3, max_size=40).filter(
    lambda found: len(set(found)) > 1
)
FILLS = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from([1, -1]), st.integers(9_000, 11_000), st.integers(1, 50)),
    max_size=12,
)
MIDS = st.lists(st.tuples(st.integers(0, 100), st.integers(80, 120)), max_size=12)


@given(fills=FILLS, mids=MIDS, horizon=st.integers(0, 60))
def test_a_markout_is_what_a_walk_through_fills_and_mids_finds(journal_of, fills, mids, horizon) -> None:
    """Times in tenths of a second."""
    mids = sorted(mids, key=lambda row: row[0])
    journal = journal_of(
        fills=[(time / 10, side, ticks, lots, 100.0, 100.0) for time, side, ticks, lots in fills],
        mids=[(time / 10, mid) for time, mid in mids],
    )
    total = size = 0.0
    for time, side, ticks, lots in fills:
        before = [mid for at, mid in mids if at <= time + horizon]
        if time + horizon <= 100 and before:
            price = ticks * 0.01
            total += lots * side * (before[-1] - price) / price * 1e4
            size += lots
    found = markout((journal,), horizon / 10)
    assert found is None if size == 0 else found == pytest.approx(total / size, abs=1e-6)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("fill"), st.sampled_from(Side), st.integers(5_000, 15_000), st.integers(1, 99)),
        st.tuples(st.just("mark"), st.integers(50, 150)),
        st.tuples(st.just("fund"), st.integers(-50, 50)),
    ),
    min_size=1,
    max_size=30,
)


@given(EVENTS)
def test_the_parts_of_the_pnl_sum_to_the_pnl(journal_of, events) -> None:
    """Through account and journal, as an episode writes them: to a billionth of capital."""
    account = Account(Instrument("TEST", 0.01, 0.1, 2.0, 5.0), 1_000.0)
    account.mark_to(100.0)
    for kind, *what in events:
        if kind == "fill":
            account.fill(what[0], what[1], what[2], mid=account.mark or 100.0)
        elif kind == "mark":
            account.mark_to(float(what[0]))
        else:
            account.fund(what[0] * 1e-4, account.mark or 100.0)
    marks = [(1, account.position_lots, account.equity, account.mark)]
    journal = journal_of(marks=marks, attribution=account.attribution)
    parts, profit = attribution(journal), pnl(journal)
    assert parts is not None
    assert profit is not None
    summed = parts.spread + parts.inventory - parts.fees + parts.funding
    assert abs(summed - profit) < 1e-9 * 1_000.0


@given(st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=30), st.integers(1, 5_000))
def test_a_drawdown_is_never_negative_and_never_less_than_a_late_start_sees(
    journal_of, equity, capital
) -> None:
    def fallen(values) -> float:
        marks = [(place, 0, float(value)) for place, value in enumerate(values)]
        found = max_drawdown(journal_of(marks=marks, capital=float(capital)))
        assert found is not None
        return found

    assert fallen(equity) >= 0
    assert fallen(equity) >= max(0.0, (capital - min(equity)) / capital) - 1e-12
    assert fallen([*equity, equity[-1]]) == fallen(equity)
    assert fallen(sorted([*equity, capital])) == max(0.0, (capital - min(equity)) / capital)


@given(PROFITS, st.floats(0.01, 100.0))
def test_ratios_do_not_change_with_the_unit_and_turn_with_the_sign(profits, scale) -> None:
    some = np.array(profits, np.float64)
    ratio, downside = returns.sharpe(some), returns.sortino(some)
    assert ratio is not None
    assert returns.sharpe(scale * some) == pytest.approx(ratio)
    assert returns.sharpe(-some) == pytest.approx(-ratio)
    assert returns.sharpe_error(scale * some) == pytest.approx(returns.sharpe_error(some))
    assert probabilistic_sharpe(scale * some) == pytest.approx(probabilistic_sharpe(some))
    scaled = returns.sortino(scale * some)
    assert scaled is None if downside is None else scaled == pytest.approx(downside)


def test_the_sharpe_ratio_grows_with_the_root_of_independent_time() -> None:
    """Sums of 25 independent values: mean 25-fold, deviation 5-fold, so 5 times the ratio of one."""
    single = np.random.default_rng(3).normal(0.2, 1.0, (20_000, 25))
    one, many = returns.sharpe(single.ravel()), returns.sharpe(single.sum(axis=1))
    assert one is not None
    assert many is not None
    assert many / one == pytest.approx(5.0, rel=0.05)
    assert math.sqrt(DAYS_A_YEAR) == pytest.approx(19.105, abs=1e-3)


@given(PROFITS, st.floats(1e-4, 0.1), st.integers(-100, 100), st.floats(0.1, 10.0))
def test_a_certainty_equivalent_moves_with_cash_and_falls_with_aversion(profits, gamma, cash, scale) -> None:
    some = np.array(profits, np.float64)
    worth = returns.certainty_equivalent(some, gamma)
    assert worth is not None
    assert some.min() - 1e-6 <= worth <= some.mean() + 1e-6
    assert returns.certainty_equivalent(some + cash, gamma) == pytest.approx(worth + cash, abs=1e-6)
    assert returns.certainty_equivalent(scale * some, gamma / scale) == pytest.approx(scale * worth, abs=1e-5)
    braver, flat = (returns.certainty_equivalent(some, other) for other in (gamma / 2, 0.0))
    assert braver is not None
    assert worth <= braver + 1e-6
    assert flat == pytest.approx(some.mean())


@given(PROFITS, st.integers(1, 500))
def test_more_trials_never_make_a_result_likelier(profits, trials) -> None:
    some = np.array(profits, np.float64)
    fewer, more = deflated_sharpe(some, trials), deflated_sharpe(some, trials + 1)
    assert (fewer is None) is (more is None)
    if fewer is not None and more is not None:
        assert 0 <= more <= fewer + 1e-12 <= 1 + 1e-12


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-200, 200)), min_size=1, max_size=12))
def test_the_bands_share_out_all_of_the_time(journal_of, held) -> None:
    marks = [(time, lots, 1000.0) for time, lots in sorted(held)]
    shares = inventory_bands(journal_of(marks=marks))
    assert shares is not None
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) >= 0


@given(st.integers(-50, 50), st.floats(0.1, 10.0))
def test_value_at_risk_moves_with_cash_and_with_the_unit(cash, scale) -> None:
    some = np.random.default_rng(5).normal(size=150)
    here, there = value_at_risk_99(some), value_at_risk_99(scale * some + cash)
    assert here is not None
    assert there == pytest.approx(tuple(scale * value + cash for value in here))
