"""Worlds are deterministic, valid and what they say they are."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import touches
from alphaloop.market.tape import KIND_MASK, TRADE, Tape
from alphaloop.market.worlds import WORLDS, ladder, make
from alphaloop.market.worlds.game import LEAD_IN_STEPS

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
FINE = Instrument("SYN", 0.0001, 0.001, 0.0, 0.0)
ONE_GAME = (("games", 1.0),)


def test_an_unknown_world_is_refused_with_a_hint() -> None:
    with pytest.raises(BadConfiguration, match="did you mean 'book'"):
        make(WorldSpec("bok"), COARSE, 60.0, 1)


def test_an_unknown_parameter_is_refused_with_a_hint() -> None:
    with pytest.raises(BadConfiguration, match="did you mean 'sigma'"):
        make(WorldSpec("book", (("sgima", 1.0),)), COARSE, 60.0, 1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 0.0])
def test_an_impossible_parameter_is_refused(value: float) -> None:
    with pytest.raises(BadConfiguration, match="sigma"):
        make(WorldSpec("book", (("sigma", value),)), COARSE, 60.0, 1)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="seed"):
        make(WorldSpec("book"), COARSE, 60.0, -1)


@pytest.mark.parametrize("length", [0.0, -1.0, float("nan"), float("inf"), 1e9])
@pytest.mark.parametrize("name", ["book", "null"])
def test_a_length_that_is_none_is_refused(name: str, length: float) -> None:
    with pytest.raises(BadConfiguration, match="episode_s"):
        make(WorldSpec(name), COARSE, length, 1)


def test_a_tick_coarser_than_the_games_move_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="coarser"):
        make(WorldSpec("null"), Instrument("SYN", 0.5, 0.001, 0.0, 0.0), 60.0, 1)


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("book", {"trades": 1e9}, "limit is 5,000,000"),
        ("book", {"requotes": 1e300}, "limit is 5,000,000"),
        ("book", {"size": 1e12}, "size .* steps"),
        ("book", {"depth": 1e300}, "depth .* steps"),
        ("book", {"price": 1e12}, "price .* steps"),
        ("book", {"price": 1e9, "sigma": 1e7}, "matching walks every one"),
        ("book", {"spread": 1e300}, "spread"),
        ("book", {"gap": 1e6}, "gap"),
        ("book", {"tail": 1e9}, "tail"),
        ("book", {"latency_ms": 1e12}, "latency_ms"),
        (
            "regimes",
            {"price": 1e6, "sigma": 400.0, "wild": 1e3, "calm_s": 1e4, "wild_s": 0.01},
            "matching walks",
        ),
        ("avellaneda-stoikov", {"price": 1e300}, "price .* steps"),
        ("null", {"games": 1e6}, "games"),
    ],
)
def test_a_world_that_would_take_all_memory_or_time_is_refused_at_once(name, params, words) -> None:
    with pytest.raises(BadConfiguration, match=words):
        make(WorldSpec(name, tuple(params.items())), COARSE, 60.0, 1)


def test_a_tick_too_fine_for_the_price_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="price 100 is more than 1e\\+12 steps of 1e-15"):
        make(WorldSpec("book"), Instrument("SYN", 1e-15, 0.001, 0.0, 0.0), 60.0, 1)


def test_sweeps_that_write_more_rows_than_allowed_end_before_the_memory_does(monkeypatch) -> None:
    monkeypatch.setattr(ladder, "MOST_ROWS", 500)
    with pytest.raises(BadConfiguration, match="more than 500 rows"):
        make(WorldSpec("book"), COARSE, 60.0, 1)


def test_a_day_of_games_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="limit is 5,000,000"):
        make(WorldSpec("avellaneda-stoikov", (("games", 64.0),)), FINE, 86_400.0, 1)


@pytest.mark.parametrize("name", WORLDS)
def test_another_process_with_another_hash_seed_makes_the_same_tape(name: str) -> None:
    program = (
        "from alphaloop.facts.market import *; from alphaloop.market.worlds import make;"
        f"world, instrument = WorldSpec({name!r}), Instrument('SYN', 0.01, 0.001, 0.0, 0.0);"
        "print(make(world, instrument, 30.0, 2**255 + 7).digest())"
    )
    path = os.pathsep.join(filter(None, sys.path))
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout.strip()
        for hash_seed in ("1", "4242")
    }
    assert digests == {make(WorldSpec(name), COARSE, 30.0, 2**255 + 7).digest()}


@pytest.mark.parametrize("name", WORLDS)
def test_another_seed_makes_another_tape(name: str) -> None:
    assert make(WorldSpec(name), COARSE, 30.0, 1).digest() != make(WorldSpec(name), COARSE, 30.0, 2).digest()


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**256),
    spread=st.integers(1, 40),
    sigma=st.floats(1e-4, 0.2),
    trades=st.floats(0.1, 20.0),
    size=st.floats(0.01, 20.0),
    tail=st.floats(0.0, 8.0),
    gap=st.integers(1, 10),
    improve=st.floats(0.0, 1.0),
)
def test_the_book_world_is_never_crossed_and_always_in_order(
    seed: int, spread: int, sigma: float, trades: float, size: float, tail: float, gap: int, improve: float
) -> None:
    params = {"spread": spread, "sigma": sigma, "trades": trades, "size": size, "tail": tail, "gap": gap}
    spec = WorldSpec(
        "book", (*((name, float(value)) for name, value in params.items()), ("improve", improve))
    )
    tape = make(spec, COARSE, 12.0, seed)
    refuse_disorder(tape.events, tape.name)
    assert (tape.events["local_ts"] > tape.events["exch_ts"]).all()
    seen = touches(tape)
    assert (seen.ask > seen.bid).all()
    assert len(seen.times_ns) == len(np.unique(tape.events["exch_ts"][_changes_book(tape)]))


def test_the_fair_value_is_as_volatile_as_the_world_says() -> None:
    moves = []
    for seed in range(40):
        seen = touches(make(WorldSpec("book"), COARSE, 60.0, seed))
        moves.append(float(seen.bid[-1] + seen.ask[-1] - seen.bid[0] - seen.ask[0]) / 2 * COARSE.tick)
    # 0.02 √60 = 0.155; forty draws leave a standard error of 11 %.
    assert np.std(moves) == pytest.approx(0.155, rel=0.3)


def test_a_buyers_trade_precedes_a_rise_on_average() -> None:
    """Otherwise quoting would have no cost, and every spread would be too wide."""
    gains = []
    for seed in range(20):
        tape = make(WorldSpec("book"), COARSE, 60.0, seed)
        seen = touches(tape)
        mid = (seen.bid + seen.ask) / 2
        trades = tape.events[(tape.events["ev"] & KIND_MASK) == TRADE]
        side = np.where((trades["ev"] & (1 << 29)) != 0, 1, -1)
        before = mid[np.searchsorted(seen.times_ns, trades["exch_ts"]) - 1]
        after = mid[np.searchsorted(seen.times_ns, trades["exch_ts"] + 2_000_000_000, side="right") - 1]
        gains.append(float(np.mean(side * (after - before))))
    assert np.mean(gains) > 0.3


def test_the_games_mid_moves_by_sigma_root_dt_and_starts_at_the_price() -> None:
    tape = make(WorldSpec("avellaneda-stoikov", ONE_GAME), FINE, 200.0, 5)
    seen = touches(tape)
    mid = (seen.bid + seen.ask) / 2 * FINE.tick
    assert len(mid) == LEAD_IN_STEPS + 200 + 1
    assert mid[LEAD_IN_STEPS] == pytest.approx(100.0)
    assert np.abs(np.diff(mid)) == pytest.approx(2.0 * 0.005**0.5, abs=FINE.tick)
    assert tape.sigma == pytest.approx(0.14142, abs=1e-5)


def test_nothing_can_be_filled_before_the_game_begins() -> None:
    tape = make(WorldSpec("avellaneda-stoikov", ONE_GAME), FINE, 200.0, 5)
    assert tape.lottery is not None
    assert tape.lottery.intensity == pytest.approx(0.7)
    assert tape.lottery.draws.shape == (LEAD_IN_STEPS + 200, 2)
    assert (tape.lottery.draws[:LEAD_IN_STEPS] == 1.0).all()
    assert (tape.lottery.draws[LEAD_IN_STEPS:] < 1.0).all()


def test_the_null_world_is_the_same_game_filled_at_mid() -> None:
    null, game = (make(WorldSpec(name, ONE_GAME), FINE, 60.0, 9) for name in ("null", "avellaneda-stoikov"))
    assert null.lottery is not None
    assert game.lottery is not None
    assert null.lottery.at_mid
    assert not game.lottery.at_mid
    assert (null.events == game.events).all()


def _changes_book(tape: Tape) -> np.ndarray:
    return (tape.events["ev"] & KIND_MASK) != TRADE
