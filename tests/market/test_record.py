"""The four layers: what is there, what is missing, and what a target makes of it."""

import math

import numpy as np
import pytest

from alphaloop.errors import BadConfiguration, Broken
from alphaloop.facts.constitution import Target
from alphaloop.facts.metric import OWNERS, Layer, Status
from alphaloop.market.journal import CANCEL, SUBMIT
from alphaloop.market.metrics import health, record
from alphaloop.market.metrics.layers import LAYERS, carriers
from alphaloop.market.metrics.overfit import tried
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.rules.constitution.roles import METRICS, SEATS

ONE_OF_EACH = (
    Target("tick_to_trade_p99", "<", 5.0),
    Target("slippage", "<", 2.0),
    Target("position_share", "<=", 1.0),
    Target("pnl", ">", 0.0),
)
NO_EVENT = {
    # Quoting has no parent orders, and an episode here has no side streams and is no day.
    *("impact", "basis_std", "basis_zscore", "funding_yield"),
    *("sharpe_annual", "sharpe_annual_error", "sortino_annual"),
    # Nothing was recorded or searched, and the fill comes 9 s before the end.
    *("sequence_gaps", "drop_rate", "overfit_probability", "markout_60s"),
}


def _journals(journal_of, profits):
    return [
        journal_of(
            marks=[(1, 50, 1000.0), (5, 0, 1000.0 + profit)],
            fills=[(1.0, 1, 9990, 10, 100.0, 100.0)],
            mids=[(0.0, 100.0)],
            tick_to_trade_ms=np.array([1.0]),
            orders=[(1.0, 1, SUBMIT, 10), (1.0, 2, SUBMIT, 10), (2.0, 2, CANCEL, 10)],
            messages_per_second=10.0,
        )
        for profit in profits
    ]


def test_health_weighs_the_layers_by_their_met_targets(journal_of) -> None:
    assert health(record(_journals(journal_of, [1.0, 2.0]), ONE_OF_EACH, 1)) == pytest.approx(100.0)
    assert health(record(_journals(journal_of, [-1.0, -2.0]), ONE_OF_EACH, 1)) == pytest.approx(60.0)


def test_a_layer_without_a_target_makes_health_missing(journal_of) -> None:
    assert health(record(_journals(journal_of, [1.0]), ONE_OF_EACH[:3], 1)) is None


def test_what_no_event_carries_is_missing_and_all_else_is_there(journal_of) -> None:
    profits = np.random.default_rng(1).normal(0.0, 1.0, 120)
    journals = [*_journals(journal_of, profits)]
    found = record(journals, (), 7)
    missing = {metric.name for metric in found.metrics if metric.value is None}
    assert missing == NO_EVENT
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


def test_what_roles_yaml_may_name_is_what_is_measured() -> None:
    names = [measure.name for measures in LAYERS.values() for measure in measures]
    assert len(set(names)) == len(names)
    assert set(names) == set(METRICS)


def test_every_layer_has_a_seat_and_every_metric_says_what_carries_it() -> None:
    assert set(OWNERS) == set(LAYERS) == set(Layer)
    assert set(OWNERS.values()) <= set(SEATS)
    assert all(carriers()[name] for name in METRICS)


def test_a_passed_threshold_outweighs_a_target_that_is_met(journal_of) -> None:
    """PnL 1 and 2: mean 1.5.  Four ways to stand, and the fifth is to be missing."""
    journals = _journals(journal_of, [1.0, 2.0])

    def status(target, *thresholds):
        found = record(journals, target, 1, thresholds=thresholds)
        return next(metric.status for metric in found.metrics if metric.name == "pnl")

    assert status(()) is Status.REPORTED
    assert status((), Target("pnl", "<", 1.0)) is Status.REPORTED
    assert status([Target("pnl", ">", 1.0)]) is Status.MEETS
    assert status([Target("pnl", ">", 2.0)]) is Status.MISSES
    assert status([Target("pnl", ">", 2.0)], Target("pnl", "<", 1.0)) is Status.MISSES
    assert status([Target("pnl", ">", 1.0)], Target("pnl", "<", 2.0)) is Status.BEYOND
    nothing = record([], [Target("pnl", ">", 1.0)], 1, thresholds=[Target("pnl", "<", 2.0)])
    assert {metric.status for metric in nothing.metrics} == {Status.MISSING}
    assert {metric.beyond for metric in nothing.metrics} == {None}


def test_a_threshold_of_an_unknown_metric_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="did you mean 'slippage'"):
        record([], (), 0, thresholds=(Target("slipage", ">", 0.1),))


def test_the_search_carries_the_overfit_probability(journal_of) -> None:
    rows = [[1.0] * 6, [0.0] * 6]
    assert record([], (), 0, tried=tried(rows)).value("overfit_probability") == 0.0
    assert tried(()) is None


@pytest.mark.parametrize(
    "measure", [one for measures in LAYERS.values() for one in measures], ids=lambda one: one.name
)
def test_every_metric_says_when_it_is_missing_and_what_its_trap_is(measure) -> None:
    said = measure.of.__doc__ or ""
    assert "None" in said or "missing" in said
    assert "Trap:" in said
