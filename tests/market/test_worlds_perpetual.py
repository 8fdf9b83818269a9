"""Mark, index and funding of any world: off by default, and what they are said to be when on."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import load, save
from alphaloop.market.journal import FUNDING_INTERVAL_NS
from alphaloop.market.replay import touches
from alphaloop.market.worlds import WORLDS, make
from alphaloop.market.worlds.perpetual import basis_bps

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
FINE = Instrument("SYN", 0.0001, 0.001, 0.0, 0.0)
ON = (("basis_bps", 2.0), ("basis_half_life_s", 5.0))
PRICED = (*ON, ("funding_bps", 1.0))
SECOND = 1_000_000_000

# Taken before there were side channels: whoever pinned a world's evidence must find the same tapes.
DIGESTS = {
    ("book", 0): "sha256:ba6413a62da20a5f0a359301c0f8c2f3ae0c3ed6c9314447ee949cb4cb3618c0",
    ("book", 7): "sha256:f4eea1567a52c2e9f0aee0756407c2b53a7d72cd709ac7c0d727fe595626091f",
    ("null", 0): "sha256:1a7672d5ffc5adbf34e55da86c71506e53b6779951944b2e5a2941465303a6ef",
    ("null", 7): "sha256:eaf68816bb89f2b59b2b22c906bc741845f8af83c81ace191e54f4141dbb6a85",
}


@pytest.mark.parametrize(("name", "seed"), DIGESTS)
def test_without_side_channels_the_tapes_are_byte_for_byte_what_they_were(name, seed):
    assert make(WorldSpec(name), COARSE, 60.0, seed).digest() == DIGESTS[name, seed]
    off = WorldSpec(name, (("basis_bps", 0.0), ("funding_bps", 0.0), ("basis_half_life_s", 9.0)))
    assert make(off, COARSE, 60.0, seed).digest() == DIGESTS[name, seed]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basis_bps", -1.0),
        ("basis_bps", 1e9),
        ("basis_bps", float("nan")),
        ("funding_bps", 501.0),
        ("basis_half_life_s", 0.0),
    ],
)
def test_an_impossible_stream_is_refused_by_name(name, value):
    with pytest.raises(BadConfiguration, match=name):
        make(WorldSpec("book", ((name, value),)), COARSE, 60.0, 1)


@pytest.mark.parametrize("world", WORLDS)
def test_a_misspelt_stream_is_refused_with_a_hint(world):
    with pytest.raises(BadConfiguration, match="did you mean 'funding_bps'"):
        make(WorldSpec(world, (("funding_bp", 1.0),)), COARSE, 60.0, 1)


def test_the_null_world_stays_null_so_it_takes_no_funding():
    with pytest.raises(BadConfiguration, match="not null any more"):
        make(WorldSpec("null", PRICED), COARSE, 60.0, 1)
    assert make(WorldSpec("null", ON), COARSE, 60.0, 1).channel("funding").values == [0.0]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("seed", range(6))
def test_a_settlement_falls_into_a_minute_after_the_strategy_was_first_asked(world, seed):
    tape = make(WorldSpec(world, ON), FINE, 60.0, seed)
    due = tape.start_ns + -tape.start_ns % FUNDING_INTERVAL_NS
    assert tape.start_ns + 12 * SECOND < due < tape.end_ns
    assert tape.channel("mark").times_ns[0] < due


@pytest.mark.parametrize("world", WORLDS)
def test_the_events_are_those_of_the_world_without_streams_at_another_time_of_the_day(world):
    plain, streamed = (make(WorldSpec(world, params), FINE, 60.0, 4) for params in ((), ON))
    by = streamed.start_ns - plain.start_ns
    assert by % SECOND == 0
    assert 0 < by < FUNDING_INTERVAL_NS
    for column in ("exch_ts", "local_ts"):
        assert (streamed.events[column] == plain.events[column] + by).all()
    for column in ("ev", "px", "qty"):
        assert (streamed.events[column] == plain.events[column]).all()
    assert (streamed.latency["resp_ts"] == plain.latency["resp_ts"] + by).all()
    assert streamed.rounds_ns == tuple(time_ns + by for time_ns in plain.rounds_ns)


@pytest.mark.parametrize("world", WORLDS)
def test_the_mark_is_the_mid_of_each_second_and_of_the_end_and_no_earlier_than_the_feed(world):
    tape = make(WorldSpec(world, ON), FINE, 60.0, 8)
    mark, seen = tape.channel("mark"), touches(tape)
    mids = (seen.bid + seen.ask) / 2 * FINE.tick
    delay = mark.times_ns[0] - seen.times_ns[0]
    of_ns = np.append(mark.times_ns[:-1] - delay, tape.end_ns)
    assert mark.values == pytest.approx(mids[np.searchsorted(seen.times_ns, of_ns, side="right") - 1])
    assert mark.times_ns[-1] == tape.end_ns
    assert (np.diff(mark.times_ns) > 0).all()
    assert delay >= np.median(tape.events["local_ts"] - tape.events["exch_ts"])


def test_the_basis_is_an_ornstein_uhlenbeck_process_of_its_deviation_and_half_life():
    basis = basis_bps(Generator(PCG64(2)), 200_000, 3.0, 5.0)
    # It forgets in 5 / ln 2 = 7.2 s: 200,000 s are 13,900 independent values, a standard error of 0.6 %.
    assert basis.std() == pytest.approx(3.0, rel=0.03)
    assert basis.mean() == pytest.approx(0.0, abs=0.12)
    correlations = [float(np.corrcoef(basis[lag:], basis[:-lag])[0, 1]) for lag in (1, 5, 10)]
    assert correlations == pytest.approx([0.5**0.2, 0.5, 0.25], abs=0.03)
    firsts = [basis_bps(Generator(PCG64(seed)), 1, 3.0, 5.0)[0] for seed in range(2_000)]
    assert np.std(firsts) == pytest.approx(3.0, rel=0.07)


def test_the_index_lies_the_basis_away_from_the_mark():
    tapes = [make(WorldSpec("book", ON), COARSE, 60.0, seed) for seed in range(20)]
    basis = [1e4 * (one.channel("mark").values / one.channel("index").values - 1) for one in tapes]
    # 20 tapes of 61 values, forgotten in 7.2 s: some 170 independent ones, a standard error of 5 %.
    assert np.concatenate(basis).std() == pytest.approx(2.0, rel=0.2)


def test_the_seed_draws_the_sign_of_funding_and_nothing_else_of_it():
    rates = [
        make(WorldSpec("book", PRICED), COARSE, 20.0, seed).channel("funding").values for seed in range(30)
    ]
    assert {float(rate[0]) for rate in rates} == {1e-4, -1e-4}


@settings(max_examples=10)
@given(seed=st.integers(0, 2**256))
def test_another_seed_makes_other_streams_and_the_same_seed_the_same(seed):
    one, same, other = (
        make(WorldSpec("avellaneda-stoikov", PRICED), FINE, 20.0, each) for each in (seed, seed, seed + 1)
    )
    assert one.digest() == same.digest()
    assert one.channel("index").values[0] != other.channel("index").values[0]


def test_another_process_with_another_hash_seed_makes_the_same_streams():
    program = (
        "from alphaloop.facts.market import *; from alphaloop.market.worlds import make;"
        f"spec, instrument = WorldSpec('regimes', {PRICED!r}), Instrument('SYN', 0.01, 0.001, 0.0, 0.0);"
        "print(make(spec, instrument, 30.0, 2**255 + 7).digest())"
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
    assert digests == {make(WorldSpec("regimes", PRICED), COARSE, 30.0, 2**255 + 7).digest()}


def test_streams_survive_a_file(tmp_path: Path):
    tape = make(WorldSpec("book", PRICED), COARSE, 30.0, 3)
    save(tape, tmp_path / "streamed.npz")
    assert load(tmp_path / "streamed.npz").digest() == tape.digest()
