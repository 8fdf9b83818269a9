"""The regimes world is what its law says: long runs come to the moments that stand in moments.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import touches
from alphaloop.market.worlds import make
from alphaloop.market.worlds.flow import REQUOTE, TRADE
from alphaloop.market.worlds.moments import dispersion, kurtosis
from alphaloop.market.worlds.observed import side_autocorrelation
from alphaloop.market.worlds.regime_flow import draw
from alphaloop.market.worlds.regimes import DEFAULTS
from alphaloop.market.worlds.spells import clock, paces, spells, wild_share

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)


def _spec(**params):
    return WorldSpec("regimes", tuple(params.items()))


def _flow(seconds, seed=5, **params):
    """A flow without the updates of the book, which change no price, no order and no time."""
    return draw(Generator(PCG64(seed)), DEFAULTS | {"updates": 0.0} | params, COARSE, seconds)


def _orders_s(flow):
    return flow.times_ns[flow.kinds == TRADE] / 1e9


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wild", 0.5),
        ("rush", 0.0),
        ("clustering", 0.96),
        ("clustering", 1.0),
        ("memory_s", 0.0),
        ("scatter", 9.0),
        ("calm_s", 0.0),
        ("wild_s", 1e-9),
        ("persistence", 1.5),
        ("trades", 0.0),
    ],
)
def test_an_impossible_parameter_is_refused_by_name(name, value):
    with pytest.raises(BadConfiguration, match=name):
        make(_spec(**{name: value}), COARSE, 60.0, 1)


def test_a_misspelt_parameter_is_refused_with_a_hint():
    with pytest.raises(BadConfiguration, match="did you mean 'clustering'"):
        make(_spec(clusterin=0.5), COARSE, 60.0, 1)


@pytest.mark.parametrize(
    "params",
    [
        {"trades": 1e9},
        {"requotes": 1e12},
        {"updates": 1e300},
        {"calm_s": 1e-3, "wild_s": 1e-3, "trades": 9e4},
        {"clustering": 0.95, "memory_s": 60.0, "scatter": 5.0, "trades": 1e5},
    ],
)
def test_rates_that_would_fill_the_memory_are_refused_before_anything_is_drawn(params):
    with pytest.raises(BadConfiguration, match="the limit is 5,000,000"):
        make(_spec(**params), COARSE, 60.0, 1)


def test_spells_take_the_share_of_time_that_their_means_say():
    path = spells(Generator(PCG64(3)), 20.0, 5.0, -100.0, 100_000.0)
    lengths = np.diff(path.edges_s)
    # 4,000 pairs of spells: a share of 5 / 25 with a standard error of 0.2 × 0.8 × √(2 / 4000) = 0.0036.
    assert wild_share(20.0, 5.0) == 0.2
    assert lengths[path.wild].sum() / lengths.sum() == pytest.approx(0.2, abs=0.011)
    assert lengths[1:-1][path.wild[1:-1]].mean() == pytest.approx(5.0, rel=0.05)
    assert (path.wild[1:] != path.wild[:-1]).all()
    assert (path.edges_s[0], path.edges_s[-1]) == (-100.0, 100_000.0)


def test_a_clock_keeps_our_time_on_average_and_can_be_read_backwards():
    path = spells(Generator(PCG64(4)), 20.0, 5.0, -100.0, 100_000.0)
    calm, wild = paces(20.0, 5.0, 4.0)
    # 0.8 c + 0.2 × 4 c = 1.
    assert (calm, wild) == (pytest.approx(1 / 1.6), pytest.approx(4 / 1.6))
    made = clock(path, calm, wild)
    assert made.at(np.array([0.0]))[0] == pytest.approx(0.0, abs=1e-9)
    assert made.at(np.array([100_000.0]))[0] == pytest.approx(100_000.0, rel=0.03)
    assert made.when(made.at(np.array([17.0, 9_999.5]))) == pytest.approx([17.0, 9_999.5])


@pytest.fixture(scope="module")
def long_run():
    """11 hours of the default world's flow, without its book."""
    return _flow(40_000.0)


def test_the_variance_of_the_fair_value_is_the_stationary_one(long_run):
    fair = long_run.fair * COARSE.tick
    seconds = np.searchsorted(long_run.times_ns / 1e9, np.arange(0.0, 40_000.0, 10.0), side="right") - 1
    # 4,000 changes of kurtosis 6.4: a relative standard error of the deviation of √(5.4 / 4000) / 2 = 2 %.
    assert np.diff(fair[seconds]).std() / 10**0.5 == pytest.approx(0.02, rel=0.06)


def test_the_kurtosis_is_that_of_the_formula_and_falls_with_the_horizon(long_run):
    fair = long_run.fair
    measured, expected = [], []
    for horizon in (1.0, 10.0, 60.0):
        at = np.searchsorted(long_run.times_ns / 1e9, np.arange(0.0, 40_000.0, horizon), side="right") - 1
        moves = np.diff(fair[at])
        measured.append(float(np.mean(moves**4) / np.mean(moves**2) ** 2))
        expected.append(kurtosis(20.0, 5.0, 4.0, horizon))
    # By hand: v_c = 1/(0.8 + 0.2 × 16) = 0.25, v_w = 4, c² = 0.16 × 3.75² = 2.25, τ = 4: h = 1 gives
    # 3 (1 + 4.5 (4 − 16 (1 − e^(−1/4)))) = 9.22.
    assert expected[0] == pytest.approx(9.22, abs=0.01)
    assert measured == pytest.approx(expected, rel=0.25)
    assert expected == sorted(expected, reverse=True)


def test_orders_come_at_the_stationary_rate_and_their_counts_are_dispersed_as_the_formula_says(long_run):
    times = _orders_s(long_run)
    expected = dispersion(3.0, 0.5, 20.0, 5.0, 3.0)
    # By hand: f_c = 1/(0.8 + 0.6) = 0.714, f_w = 2.143, c² = 0.16 × 1.429² = 0.3265; 4 + 2 × 0.3265 × 4 × 3.
    assert expected == pytest.approx(11.84, abs=0.01)
    # 120,000 orders with that dispersion: a relative standard error of √(11.84 / 120,000) = 1 %.
    assert len(times) / 40_000.0 == pytest.approx(3.0, rel=0.03)
    counts = np.histogram(times, np.arange(0.0, 40_001.0, 200.0))[0]
    # 200 windows: a relative standard error of √(2 / 200) = 10 %.
    assert counts.var() / counts.mean() == pytest.approx(expected, rel=0.3)


def test_a_flow_is_as_busy_at_its_beginning_as_later():
    flows = [_orders_s(_flow(30.0, seed)) for seed in range(300)]
    # 90 orders a tape, variance up to 11.84 × 90: a standard error of √(11.84 × 90 / 300) = 1.9.
    assert np.mean([len(times) for times in flows]) == pytest.approx(90.0, abs=6.0)
    # 30 in the first ten seconds: √(11.84 × 30 / 300) = 1.1.
    assert np.mean([(times < 10.0).sum() for times in flows]) == pytest.approx(30.0, abs=3.3)


def test_with_one_state_and_no_clustering_the_flow_is_a_poisson_process():
    flow = _flow(20_000.0, wild=1.0, rush=1.0, clustering=0.0)
    times = _orders_s(flow)
    pauses = np.diff(times)
    counts = np.histogram(times, np.arange(0.0, 20_001.0, 10.0))[0]
    assert dispersion(3.0, 0.0, 20.0, 5.0, 1.0) == 1.0
    assert counts.var() / counts.mean() == pytest.approx(1.0, rel=0.1)
    assert pauses.std() / pauses.mean() == pytest.approx(1.0, rel=0.02)
    assert kurtosis(20.0, 5.0, 1.0, 1.0) == 3.0


def test_orders_that_follow_repeat_the_side_and_without_persistence_nothing_does():
    stubborn = _flow(4_000.0, persistence=1.0, informed=0.0, clustering=0.8, memory_s=0.01)
    forgetful = _flow(4_000.0, persistence=0.0, informed=0.0, clustering=0.8, memory_s=0.01)
    first, none = (
        side_autocorrelation(flow.sides[flow.kinds == TRADE], 5)[0] for flow in (stubborn, forgetful)
    )
    assert first > 0.4
    assert abs(none) < 0.05


def test_makers_look_as_often_as_they_are_said_to(long_run):
    assert (long_run.kinds == REQUOTE).sum() / 40_000.0 == pytest.approx(8.0, rel=0.02)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**256),
    calm_s=st.floats(0.01, 100.0),
    wild_s=st.floats(0.01, 100.0),
    wild=st.floats(1.0, 50.0),
    rush=st.floats(1.0, 20.0),
    clustering=st.floats(0.0, 0.9),
    memory_s=st.floats(1e-3, 5.0),
    scatter=st.floats(0.0, 3.0),
)
def test_the_regimes_world_is_never_crossed_and_always_in_order(seed, **params):
    tape = make(_spec(**params), COARSE, 12.0, seed)
    refuse_disorder(tape.events, tape.name)
    assert (tape.events["local_ts"] > tape.events["exch_ts"]).all()
    seen = touches(tape)
    assert (seen.ask > seen.bid).all()
