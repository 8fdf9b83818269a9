"""The four layers: what is there, what is missing, and what a target makes of it."""

import math

import numpy as np
import pytest

from alphaloop.errors import BadConfiguration, Broken
from alphaloop.facts.constitution import Target
from alphaloop.facts.metric import Layer
from alphaloop.market.metrics import health, record
from alphaloop.market.scenarios import SCENARIOS

ONE_OF_EACH = (
    Target("tick_to_trade_p99", "<", 5.0),
    Target("slippage", "<", 2.0),
    Target("position_share", "<=", 1.0),
    Target("pnl", ">", 0.0),
)
NOT_RECORDED_YET = {
    "uptime",
    "api_weight",
    "impact",
    "liquidation_buffer",
    "basis_std",
    "funding_yield",
    "overfit_probability",
    # Annualised from daily values only, and an episode is no day.
    "sharpe_annual",
    "sortino_annual",
}


def _journals(journal_of, profits):
    return [
        journal_of(
            marks=[(1, 50, 1000.0), (5, 0, 1000.0 + profit)],
            fills=[(1.0, 1, 9990, 10, 100.0, 100.0)],
            mids=[(0.0, 100.0)],
            tick_to_trade_ms=np.array([1.0]),
            submitted=2,
            messages=3,
            orders_filled=1,
        )
        for profit in profits
    ]


def test_no_data_is_not_health_46() -> None:
    empty = record([], ONE_OF_EACH, 0)
    assert health(empty) is None
    assert {metric.value for metric in empty.metrics} == {None}
    assert {metric.meets for metric in empty.metrics} == {None}


def test_health_weighs_the_layers_by_their_met_targets(journal_of) -> None:
    assert health(record(_journals(journal_of, [1.0, 2.0]), ONE_OF_EACH, 1)) == pytest.approx(100.0)
    assert health(record(_journals(journal_of, [-1.0, -2.0]), ONE_OF_EACH, 1)) == pytest.approx(60.0)


def test_a_layer_without_a_target_makes_health_missing(journal_of) -> None:
    assert health(record(_journals(journal_of, [1.0]), ONE_OF_EACH[:3], 1)) is None


def test_what_nobody_records_is_missing_and_all_else_is_there(journal_of) -> None:
    profits = np.random.default_rng(1).normal(0.0, 1.0, 120)
    journals = [*_journals(journal_of, profits)]
    found = record(journals, (), 7)
    feeds = {"sequence_gaps", "drop_rate"}
    late = {"markout_60s"}
    missing = {metric.name for metric in found.metrics if metric.value is None}
    assert missing == NOT_RECORDED_YET | feeds | late
    assert found.episodes == 120
    assert {metric.layer for metric in found.metrics} == set(Layer)


def test_one_missing_episode_makes_the_mean_missing(journal_of) -> None:
    """A mean over those that have a value would be a mean over the survivors."""
    journals = [*_journals(journal_of, [1.0, 2.0]), journal_of(fault="crashed", decisions=0)]
    found = record(journals, ONE_OF_EACH, 1)
    assert [found.value(name) for name in ("pnl", "objective", "sharpe", "max_drawdown")] == [None] * 4


def test_extremes_are_over_all_episodes(journal_of) -> None:
    found = record(_journals(journal_of, [-30.0, 5.0]), (), 1)
    assert found.value("max_drawdown") == pytest.approx(0.03)
    assert found.value("pnl") == pytest.approx(-12.5)
    assert found.value("max_abs_position") == pytest.approx(5.0)


def test_a_target_of_an_unknown_metric_is_refused_with_a_hint() -> None:
    with pytest.raises(BadConfiguration, match="did you mean 'max_drawdown'"):
        record([], (Target("max_drawdwn", "<", 0.1),), 0)


def test_a_target_with_an_unknown_relation_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="max_drawdown"):
        record([], (Target("max_drawdown", "!=", 0.1),), 0)


def test_a_nan_is_no_metric(journal_of) -> None:
    with pytest.raises(Broken, match="not a finite number"):
        record(_journals(journal_of, [1.0, math.nan]), (), 1)


def test_every_scenario_moves_a_metric_that_exists() -> None:
    names = {metric.name for metric in record([], (), 0).metrics}
    assert {scenario.moves for scenario in SCENARIOS.values()} <= names
