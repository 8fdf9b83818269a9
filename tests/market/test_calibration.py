"""How a tape and a world are compared, and that a world is near to its own tapes and far from others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.facts.calibration import Calibration, Match
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.calibration.comparison import compared
from alphaloop.market.calibration.figures import UNITS, figures
from alphaloop.market.ingest import load, save
from alphaloop.market.rows import rows
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, LOCAL, SELL, TRADE, Tape
from alphaloop.market.worlds import fit, make
from alphaloop.market.worlds.clocks import order_latency
from alphaloop.market.worlds.observed import largest_difference, market_orders, side_autocorrelation
from alphaloop.words import calibration_table, calibration_verdict

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
SECOND = 1_000_000_000
BOTH = EXCHANGE | LOCAL


def _world(seconds, seed=4, name="book", **params):
    return make(WorldSpec(name, tuple(params.items())), COARSE, seconds, seed)


def _by_hand(*events, gaps=()):
    """(second, flag, ticks, size) each, after a book of 99.99 and 100.01."""
    opening = [(0.0, DEPTH | BUY, 9_999, 1.0), (0.0, DEPTH | SELL, 10_001, 1.0)]
    seconds, ev, ticks, sizes = zip(*opening, *events, strict=True)
    times = np.round(np.array(seconds) * SECOND).astype(np.int64)
    made = rows(np.array(ev, np.uint64) | np.uint64(BOTH), times, times, np.array(ticks) * 0.01, sizes)
    latency = order_latency(np.random.Generator(np.random.PCG64(1)), 0, 10.0, 1.0)
    return Tape("by hand", COARSE, made, latency, gaps_ns=gaps)


def test_a_tape_without_trades_cannot_be_compared():
    with pytest.raises(BadTape, match="record a livelier market"):
        figures(_by_hand((1.0, DEPTH | BUY, 9_998, 1.0)))


def test_the_figures_of_a_hand_made_tape_are_what_arithmetic_says():
    tape = _by_hand(
        (1.0, TRADE | BUY, 10_001, 0.5),
        (1.0, TRADE | BUY, 10_002, 0.25),
        (3.0, TRADE | SELL, 9_999, 1.0),
        (5.0, DEPTH | SELL, 10_001, 0.0),
        (5.0, DEPTH | SELL, 10_003, 1.0),
        (8.0, TRADE | SELL, 9_999, 3.0),
        (10.0, DEPTH | BUY, 9_998, 1.0),
    )
    values = figures(tape).values
    # Two prints of one buyer at one instant are one order of 0.75: (0.75 + 1 + 3) / 3, pauses of 2 and 5 s.
    assert values["trade_size"] == pytest.approx(4.75 / 3)
    assert values["inter_arrival"] == pytest.approx(3.5)
    # Every 100 ms from 0 to 10 s: 50 times 2 ticks and 51 times 4.
    assert values["spread"] == pytest.approx((50 * 2 + 51 * 4) / 101)
    # One order in the seconds 1, 3 and 8 of ten: mean 0.3, variance 0.21.
    assert values["bursts"] == pytest.approx(0.7)
    # The mid moves once, by one tick; one-second windows begin every half second: 2 of 19 see it.
    assert values["volatility_1s"] == pytest.approx((2 / 19) ** 0.5 * 0.01)
    assert values["volatility_10s"] is None
    assert values["volatility_60s"] is None
    assert values["flow_autocorrelation_1"] is None


def test_nothing_is_counted_across_a_gap():
    events = [(float(second), TRADE | BUY, 10_001, 1.0) for second in (1, 2, 7, 8)]
    jump = [(5.0, DEPTH | SELL, 10_001, 0.0), (5.0, DEPTH | SELL, 10_051, 1.0)]
    rest = [(10.0, DEPTH | BUY, 9_998, 1.0)]
    ordered = sorted([*events, *jump, *rest])
    with_gap = figures(_by_hand(*ordered, gaps=((4 * SECOND, 6 * SECOND),)))
    assert with_gap.samples["inter_arrival"].tolist() == [1.0, 1.0]
    assert with_gap.values["volatility_1s"] == 0.0
    assert figures(_by_hand(*ordered)).values["volatility_1s"] > 0.0


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30), st.lists(st.floats(0.0, 1e6), min_size=1))
def test_the_shape_statistic_is_that_of_brute_force(ours, theirs):
    expected = max(
        abs(sum(v <= at for v in ours) / len(ours) - sum(v <= at for v in theirs) / len(theirs))
        for at in (*ours, *theirs)
    )
    assert largest_difference(np.sort(ours), np.sort(theirs)) == pytest.approx(expected)


def test_the_autocorrelation_of_alternating_sides_is_minus_one_and_of_one_side_is_none():
    assert side_autocorrelation(np.tile([1, -1], 500), 2) == pytest.approx([-1.0, 1.0], abs=1e-9)
    assert len(side_autocorrelation(np.ones(500, np.int64), 2)) == 0
    assert len(side_autocorrelation(np.zeros(0, np.int64), 2)) == 0


def test_a_world_lies_near_to_a_tape_of_its_own_in_every_figure():
    spec = WorldSpec("regimes", (("clustering", 0.7), ("trades", 6.0)))
    tape = make(spec, COARSE, 150.0, 999)
    made = compared(tape, spec, lambda s, seed: make(spec, COARSE, s, seed), tapes=12)
    distances = {match.name: match.distance for match in made.calibration.matches}
    assert set(distances) == set(UNITS)
    # With 12 tapes a distance is a Student t of 11 degrees: beyond 4.4 once in a thousand.
    assert all(abs(distance) < 4.4 for distance in distances.values() if distance is not None)
    assert made.calibration.seconds == 149.0


def test_a_world_of_another_flow_lies_far():
    tape = _world(150.0, name="regimes", clustering=0.85, trades=6.0, seed=3)
    spec = WorldSpec("book", (("trades", 6.0),))
    made = compared(tape, spec, lambda s, seed: make(spec, COARSE, s, seed), tapes=5).calibration
    found = {match.name: match for match in made.matches}
    assert found["bursts"].distance > 10
    assert found["bursts"].near is False
    assert found["inter_arrival"].shape > 5 * found["inter_arrival"].usual
    said = calibration_verdict(made)
    assert "figures lie within 2 standard errors" in said
    assert "Not so: " in said
    assert "bursts" in said


def test_a_figure_that_never_varies_has_no_distance_and_is_said_to_have_none():
    matches = (
        Match("spread", "ticks", 1.0, 1.0, 0.0, None, 0.0, 0.0),
        Match("bursts", "ratio", 3.0, 2.0, 0.5, 1.9),
    )
    made = Calibration("monday", WorldSpec("book"), 20, 60.0, matches)
    said = calibration_verdict(made)
    assert said.startswith("1 of 1 figures")
    assert "Without a distance" in said
    assert "spread" in said
    assert "how many traders are informed" in said


def test_a_world_made_of_the_tape_is_said_to_be_no_surprise():
    spec = WorldSpec("bootstrap", (), f"monday.npz@sha256:{'0' * 64}")
    made = Calibration("monday", spec, 20, 60.0, (Match("bursts", "ratio", 3.0, 2.0, 0.5, 1.9),))
    assert "conditional on this tape" in calibration_verdict(made)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_is_finite_or_missing(value):
    with pytest.raises(ValueError, match="finite number or missing"):
        Match("bursts", "ratio", value, 2.0, 0.5, None)


def test_the_table_has_a_line_for_every_figure_and_says_what_a_distance_is():
    tape = _world(40.0)
    spec = WorldSpec("book")
    made = compared(tape, spec, lambda s, seed: make(spec, COARSE, s, seed), tapes=3).calibration
    text = calibration_table(made)
    assert all(f"\n  {name} " in text for name in UNITS)
    assert "standard errors of one tape of this length" in text
    # Forty seconds hold no two minutes.
    assert "volatility_60s                    –" in text


@pytest.mark.parametrize("world", ["regimes", "book"])
def test_a_fit_finds_what_a_book_was_made_with(world):
    tape = _world(600.0, sigma=0.05, spread=6.0, trades=4.0, size=1.0, tail=1.0, depth=3.0)
    found = dict(fit(tape, world).params)
    assert found["sigma"] == pytest.approx(0.05, rel=0.15)
    assert found["trades"] == pytest.approx(4.0, rel=0.1)
    assert found["tail"] == pytest.approx(1.0, rel=0.25)
    assert found["spread"] == pytest.approx(6.0, abs=1.0)
    assert fit(tape, world) == fit(tape, world)


def test_a_fit_of_a_calm_poisson_market_has_one_state_and_no_clusters():
    found = dict(fit(_world(300.0)).params)
    assert (found["wild"], found["rush"], found["clustering"]) == (1.0, 1.0, 0.0)


def test_a_fit_finds_clusters_and_wild_spells_where_they_are():
    tape = _world(
        600.0, name="regimes", clustering=0.8, memory_s=0.1, trades=6.0, wild=10.0, calm_s=10.0, wild_s=1.0
    )
    found = dict(fit(tape).params)
    assert found["clustering"] == pytest.approx(0.8, abs=0.12)
    assert found["wild"] > 4.0
    assert found["wild_s"] < found["calm_s"] / 3
    assert found["rush"] > 1.5


def test_a_world_that_cannot_be_fitted_is_refused_with_those_that_can():
    with pytest.raises(BadConfiguration, match="choose one of regimes, book"):
        fit(_world(40.0), "null")


def test_a_fit_leaves_gaps_out(tmp_path):
    tape = _world(200.0, sigma=0.02)
    torn = replace(tape, events=tape.events.copy())
    gap = (tape.start_ns + 90 * SECOND, tape.start_ns + 150 * SECOND)
    inside = (torn.events["exch_ts"] >= gap[0]) & (torn.events["exch_ts"] < gap[1])
    lost = replace(tape, events=tape.events[~inside], gaps_ns=(gap,))
    save(lost, tmp_path / "torn.npz")
    found = dict(fit(load(tmp_path / "torn.npz")).params)
    # 140 s of 3 orders a second are left; over all 200 s it would be 2.1 a second.
    assert found["trades"] == pytest.approx(3.0, rel=0.2)
    assert len(market_orders(lost).pauses_s) == len(market_orders(lost).times_ns) - 2
