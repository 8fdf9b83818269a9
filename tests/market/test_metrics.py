"""Every metric against a number that was worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.journal import CANCEL, SUBMIT, Attribution
from alphaloop.market.metrics import deflated, returns
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.fills import fill_rate, fill_rate_by_size, filled_volume, message_ratio
from alphaloop.market.metrics.markout import as_of, markout
from alphaloop.market.metrics.objective import objective
from alphaloop.market.metrics.pnl import attribution, pnl
from alphaloop.market.metrics.position import inventory_bands
from alphaloop.market.metrics.prices import effective_spread, slippage
from alphaloop.market.metrics.refusals import refused_for, refused_orders
from alphaloop.market.metrics.score import score
from alphaloop.market.metrics.speed import tick_to_trade
from alphaloop.market.metrics.value_at_risk import value_at_risk_99


def losses(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_the_drawdown_is_from_the_running_peak_over_capital(journal_of) -> None:
    journal = journal_of(marks=[(1, 0, 1100.0), (2, 0, 990.0), (3, 0, 1200.0), (4, 0, 1150.0)])
    assert max_drawdown(journal) == pytest.approx(0.11)


def test_no_dispersion_is_no_sharpe() -> None:
    assert returns.sharpe(losses(0.1, 0.1, 0.1)) is None
    assert returns.sharpe(losses(1.0)) is None
    assert returns.sharpe(losses()) is None


def test_sharpe_and_its_error() -> None:
    """Mean 2, deviation (n − 1) 2: S = 1, error √(1.5 / 3)."""
    assert returns.sharpe(losses(0.0, 2.0, 4.0)) == pytest.approx(1.0)
    assert returns.sharpe_error(losses(0.0, 2.0, 4.0)) == pytest.approx(math.sqrt(0.5))


def test_sortino_divides_by_the_downside_of_all_episodes() -> None:
    """Mean 0.5; downside √((1 + 1)/4) = 0.7071."""
    assert returns.sortino(losses(-1.0, -1.0, 2.0, 2.0)) == pytest.approx(0.5 / math.sqrt(0.5))
    assert returns.sortino(losses(1.0, 2.0)) is None


def test_certainty_equivalent() -> None:
    """Outcomes 0 and ln 4 at γ = 1: −log((1 + 1/4) / 2) = 0.47."""
    assert returns.certainty_equivalent(losses(0.0, math.log(4)), 1.0) == pytest.approx(-math.log(0.625))
    assert returns.certainty_equivalent(losses(1.0, 3.0), 0.0) == 2.0
    assert returns.certainty_equivalent(losses(-1e6, 5.0), 1.0) == pytest.approx(-1e6 + math.log(2))


def test_win_rate_counts_no_zero_as_a_win() -> None:
    assert returns.win_rate(losses(1.0, 0.0, -1.0, 2.0)) == 0.5
    assert returns.win_rate(losses()) is None


def test_probabilistic_sharpe() -> None:
    """S = 1/√(4/3) = 0.8660, skew 0, kurtosis 1, n = 4: Φ(0.866 √3) = Φ(1.5)."""
    assert deflated.probabilistic_sharpe(losses(0.0, 0.0, 2.0, 2.0)) == pytest.approx(0.9331928)


def test_the_deflation_grows_with_the_number_of_trials() -> None:
    profits = np.random.default_rng(7).normal(0.3, 1.0, 100)
    values = [deflated.deflated_sharpe(profits, trials) for trials in (1, 10, 1000)]
    assert values[0] == deflated.probabilistic_sharpe(profits)
    assert values[0] > values[1] > values[2] > 0
    assert deflated.deflated_sharpe(profits, 0) is None


def test_the_expected_best_of_many_is_that_of_the_paper() -> None:
    """Bailey & López de Prado (2014) and the exact 1.5388 for ten normals; their formula gives 1.5746."""
    assert deflated.best_of(10) == pytest.approx(1.5746, abs=1e-3)


def test_value_at_risk_is_the_first_percentile_and_missing_below_a_hundred() -> None:
    found = value_at_risk_99(np.arange(101.0))
    assert found is not None
    assert found[0] == pytest.approx(1.0)
    assert found[1] <= found[0] <= found[2]
    assert value_at_risk_99(np.arange(99.0)) is None
    assert value_at_risk_99(np.arange(101.0)) == found


def test_pnl_is_the_change_of_equity(journal_of) -> None:
    assert pnl(journal_of(marks=[(1, 0, 990.0), (2, 0, 1007.0)])) == pytest.approx(7.0)
    assert pnl(journal_of()) is None


def test_the_parts_of_the_pnl_are_kept(journal_of) -> None:
    parts = Attribution(5.0, -2.0, 1.0, 0.5)
    assert attribution(journal_of(marks=[(1, 0, 1002.5)], attribution=parts)) == parts


def test_the_objective_charges_inventory_by_time(journal_of) -> None:
    """2 base for 3 s, then −1 for 1 s: γ/2 σ² (4·3 + 1·1) = 0.05 · 0.25 · 13 = 0.1625 off a PnL of 5."""
    marks = [(1, 20, 1000.0), (4, -10, 1000.0), (5, 0, 1005.0), (10, 0, 1005.0)]
    assert objective(journal_of(marks=marks)) == pytest.approx(5.0 - 0.1625)


def test_a_position_that_is_never_closed_is_charged_to_the_end(journal_of) -> None:
    assert objective(journal_of(marks=[(4, 10, 1000.0)])) == pytest.approx(-0.05 * 0.25 * 6)


def test_the_objective_is_missing_after_a_fault_and_without_sigma(journal_of) -> None:
    marks = [(1, 20, 1001.0)]
    assert objective(journal_of(marks=marks, fault="timed out")) is None
    assert objective(journal_of(marks=marks, sigma=None)) is None
    assert objective(journal_of()) is None
    assert objective(journal_of(marks=marks, sigma=None, gamma=0.0)) == pytest.approx(1.0)


def test_inventory_bands_share_out_the_time(journal_of) -> None:
    """Limit 10: 2.0 is the end of the first band, 2.1 in the second, 8.0 in the third, 50 in the last."""
    marks = [(0, 20, 1000.0), (4, 21, 1000.0), (7, -80, 1000.0), (9, 500, 1000.0)]
    assert inventory_bands(journal_of(marks=marks)) == pytest.approx((0.4, 0.3, 0.2, 0.1))
    assert inventory_bands(journal_of()) is None


FILLS = [(1.0, 1, 9990, 10, 100.0, 100.1), (2.0, -1, 10020, 30, 100.0, 100.0)]


def test_slippage_is_against_the_mid_of_the_decision(journal_of) -> None:
    """Bought 1 at 99.90 decided at 100.10: −19.98 bps; sold 3 at 100.20 decided at 100: −20 bps."""
    first = (99.9 - 100.1) / 100.1 * 1e4
    assert slippage([journal_of(fills=FILLS)]) == pytest.approx((first - 3 * 20.0) / 4)
    assert slippage([journal_of()]) is None


def test_effective_spread_of_a_maker_is_negative(journal_of) -> None:
    """2 × −10 bps for 1, 2 × −20 bps for 3: −35."""
    assert effective_spread([journal_of(fills=FILLS)]) == pytest.approx(-35.0)


def test_markout_by_hand(journal_of) -> None:
    """Bought 1 at 99.90, mid 100.10 a second later; sold 3 at 100.20, mid 100.30 a second later."""
    journal = journal_of(fills=FILLS, mids=[(0.0, 100.0), (2.0, 100.1), (2.5, 100.3)])
    hand = (1 * (100.1 - 99.9) / 99.9 + 3 * -1 * (100.3 - 100.2) / 100.2) / 4 * 1e4
    assert markout((journal,), 1) == pytest.approx(hand)


def test_a_fill_whose_horizon_is_beyond_the_end_has_no_markout(journal_of) -> None:
    journal = journal_of(fills=FILLS, mids=[(0.0, 100.0)], end_s=2.9)
    assert markout((journal,), 1) == pytest.approx((100.0 - 99.9) / 99.9 * 1e4)
    assert markout((journal,), 60) is None


@given(
    mids=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 500)), min_size=1, max_size=20),
    times=st.lists(st.integers(0, 50), max_size=20),
)
def test_as_of_is_what_a_walk_through_all_mids_finds(mids: list[tuple[int, int]], times: list[int]) -> None:
    table = np.array(sorted(mids, key=lambda row: row[0]), [("time_ns", "i8"), ("mid", "f8")])
    found, seen = as_of(table, np.array(times, np.int64))
    walked = [next((mid for at, mid in reversed(table.tolist()) if at <= time), None) for time in times]
    assert seen.tolist() == [mid is not None for mid in walked]
    assert found.tolist() == [mid for mid in walked if mid is not None]


def test_fill_rate_counts_orders_and_not_fills(journal_of) -> None:
    """Three orders submitted, of 10, 30 and 60 lots; orders 1 and 2 filled, whole: 2/3, by size 40/100."""
    orders = [(0.0, 1, SUBMIT, 10), (0.0, 2, SUBMIT, 30), (0.5, 1, CANCEL, 10), (1.0, 3, SUBMIT, 60)]
    journal = journal_of(orders=orders, fills=FILLS)
    assert fill_rate([journal]) == pytest.approx(2 / 3)
    assert fill_rate_by_size([journal]) == pytest.approx(0.4)
    assert (fill_rate([journal_of()]), fill_rate_by_size([journal_of()])) == (None, None)


def test_an_order_that_is_filled_in_parts_is_one_order(journal_of) -> None:
    journal = journal_of(orders=[(0.0, 1, SUBMIT, 40)], fills=FILLS)
    journal.fills["order"] = 1
    assert fill_rate([journal]) == 1.0
    assert fill_rate_by_size([journal]) == 1.0


def test_message_ratio_and_volume(journal_of) -> None:
    """Seven messages for two fills of 1 and 3."""
    seven = [(0.0, place, SUBMIT, 1) for place in range(5)] + [(1.0, place, CANCEL, 1) for place in range(2)]
    journal = journal_of(fills=FILLS, orders=seven)
    assert message_ratio([journal]) == 3.5
    assert filled_volume(journal) == pytest.approx(4.0)
    assert message_ratio([journal_of(orders=seven)]) is None
    assert filled_volume(journal_of()) == 0.0
    assert filled_volume(journal_of(decisions=0)) is None


def test_refusals_are_counted_by_rule_and_cause(journal_of) -> None:
    size, stale = (
        Refusal("order_size", Cause.OWN, 5.0, 1.0, 0),
        Refusal("stale", Cause.CIRCUMSTANCE, 3.0, 2.0, 0),
    )
    journals = [journal_of(refusals=(size, size)), journal_of(refusals=(stale,))]
    assert refused_orders(journals) == {("order_size", Cause.OWN): 2, ("stale", Cause.CIRCUMSTANCE): 1}
    assert (refused_for(journals), refused_for(journals, Cause.OWN)) == (3.0, 2.0)
    assert refused_for([]) is None


def test_tick_to_trade_percentiles(journal_of) -> None:
    journals = [
        journal_of(tick_to_trade_ms=np.array([1.0, 3.0])),
        journal_of(tick_to_trade_ms=np.array([2.0])),
    ]
    assert tick_to_trade(journals, 50) == 2.0
    assert tick_to_trade(journals, 99) == pytest.approx(2.98)
    assert tick_to_trade([journal_of()], 50) is None


@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_and_never_scored(journal_of, poison: float) -> None:
    with pytest.raises(Broken, match="equity, row 1"):
        score(journal_of(marks=[(1, 0, 1000.0), (2, 0, poison)]))
    with pytest.raises(Broken, match="mid"):
        score(journal_of(marks=[(1, 0, 1000.0)], fills=FILLS, mids=[(0.0, poison)]))


def test_a_score_is_what_the_metrics_say(journal_of) -> None:
    journal = journal_of(
        marks=[(1, 10, 1000.0), (2, 0, 1004.0)], fills=FILLS, mids=[(0.0, 100.0)], breach="drawdown"
    )
    found = score(journal)
    assert (found.pnl, found.breach, found.digest) == (4.0, "drawdown", "sha256:0")
    assert found.objective == pytest.approx(4.0 - 0.05 * 0.25)
    assert found.max_abs_position == pytest.approx(1.0)
    assert found.filled_volume == pytest.approx(4.0)


def test_without_an_event_nothing_has_a_value(journal_of) -> None:
    found = score(journal_of(decisions=0, fault="never started"))
    assert [found.objective, found.pnl, found.max_drawdown, found.max_abs_position] == [None] * 4
    assert [found.markout_1s, found.filled_volume] == [None] * 2
