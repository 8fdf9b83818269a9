"""Scenarios are data, deterministic, and leave a tape valid in every world and on a recorded one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.errors import Broken, Misuse
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import ingest, load, save, slices
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import BOOK_KINDS, Replay
from alphaloop.market.scenarios import SCENARIOS, Parameter
from alphaloop.market.scenarios.scenario import COUNT, span
from alphaloop.market.scenarios.streams import stream
from alphaloop.market.tape import EXCHANGE, KIND_MASK, LOCAL, Channel, Tape
from alphaloop.market.worlds import make

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
PERPETUAL = WorldSpec("book", (("basis_bps", 5.0), ("funding_bps", 1.0)))
WORLDS = (WorldSpec("book"), WorldSpec("regimes"), WorldSpec("null"), PERPETUAL)
ASKED = {
    "flash_crash",
    "flash_rally",
    "feed_gap",
    "stale_quotes",
    "disconnect",
    "spread_blowout",
    "fat_finger",
    "one_sided_flow",
    "latency_spike",
    "volatility_regime",
    "rate_limit_storm",
    "funding_spike",
    "basis_break",
    "liquidation_cascade",
    "clock_skew",
}
STRESSES = [pytest.param(name, id=name) for name in SCENARIOS]


def _tape(world: WorldSpec = WORLDS[0], seed: int = 3, seconds: float = 60.0) -> Tape:
    return make(world, COARSE, seconds, seed)


def _faults_seen_by(tape: Tape, clock: int) -> tuple[int, int]:
    """How often the book was crossed after a row, and how often torn (a side empty) after an instant."""
    book, crossed, torn, now, whole = Replay(), 0, 0, 0, False
    mine = tape.events[(tape.events["ev"] & clock) != 0]
    mine = mine[np.isin(mine["ev"] & KIND_MASK, BOOK_KINDS)]
    times = mine["exch_ts" if clock == EXCHANGE else "local_ts"].tolist()
    ticks = np.rint(mine["px"] / tape.instrument.tick).astype(int).tolist()
    lots = np.rint(mine["qty"] / tape.instrument.lot).astype(int).tolist()
    for time_ns, ev, tick, size in zip(times, mine["ev"].tolist(), ticks, lots, strict=True):
        touch = book.touch()
        if time_ns != now:
            torn += whole and touch is None
            whole, now = whole or touch is not None, time_ns
        book.apply(ev, tick, size)
        touch = book.touch()
        crossed += touch is not None and touch[0] >= touch[1]
    return crossed, torn


def refuse_invalid(tape: Tape) -> None:
    """Everything that the engine and an episode take for granted."""
    refuse_disorder(tape.events, tape.name)
    trips = tape.latency
    refused = trips["exch_ts"] == 0
    assert ((trips["exch_ts"] >= trips["req_ts"]) | refused).all()
    assert (trips["resp_ts"] >= np.maximum(trips["exch_ts"], trips["req_ts"])).all()
    # The engine takes a rejection without delay for an acceptance.
    assert (trips["resp_ts"] > trips["req_ts"])[refused].all()
    assert (np.diff(trips["req_ts"]) >= 0).all()
    answered = trips[~refused]
    assert (np.diff(answered["exch_ts"]) >= 0).all() or tape.lottery is None
    for channel in tape.channels:
        assert (np.diff(channel.times_ns) > 0).all(), channel.name
        assert np.isfinite(channel.values).all(), channel.name
        assert len(channel.times_ns) == len(channel.values)
    assert all(tape.start_ns <= begin < end <= tape.end_ns for begin, end in tape.outages_ns)
    assert [_faults_seen_by(tape, clock) for clock in (EXCHANGE, LOCAL)] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("changes", [{"depth": 1.0}, {"secs": 3.0}])
def test_an_unknown_parameter_is_refused_and_the_known_ones_named(changes: dict[str, float]) -> None:
    with pytest.raises(Misuse, match=r"flash_crash has no parameter .*(size|seconds)"):
        SCENARIOS["flash_crash"].apply(_tape(), changes)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.5, 0.0, 0.05])
def test_a_value_out_of_bounds_is_refused_with_its_bounds(value: float) -> None:
    with pytest.raises(Misuse, match=r"size must lie between -0\.09 and -0\.001 \(share of price\)"):
        SCENARIOS["flash_crash"].apply(_tape(), {"size": value})


def test_half_a_wave_is_refused() -> None:
    with pytest.raises(Misuse, match="waves is a whole number"):
        SCENARIOS["liquidation_cascade"].apply(_tape(), {"waves": 2.5})


def test_a_stream_that_should_be_there_and_is_not_is_a_fault_of_ours() -> None:
    with pytest.raises(Broken, match="mark"):
        stream(_tape(), "mark")


def test_all_that_were_asked_for_are_there_under_their_own_names() -> None:
    assert set(SCENARIOS) >= ASKED
    assert all(name == scenario.name for name, scenario in SCENARIOS.items())


@pytest.mark.parametrize("name", STRESSES)
def test_a_scenario_says_what_it_tests_and_every_parameter_its_unit(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.sentence.startswith("Whether ")
    assert scenario.sentence.endswith(".")
    assert "seconds" in {parameter.name for parameter in scenario.parameters}
    for parameter in scenario.parameters:
        assert parameter.low <= parameter.value <= parameter.high
        assert parameter.unit
        assert parameter.meaning
        assert f"{parameter.value:g} {parameter.unit}" in str(parameter)


def test_a_parameter_can_be_printed() -> None:
    printed = str(Parameter("size", -0.05, "share of price", -0.09, -0.001, "how far the price goes"))
    assert printed == "size = -0.05 share of price (-0.09 to -0.001): how far the price goes"


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: f"{world.name}{len(world.params)}")
@pytest.mark.parametrize("name", STRESSES)
def test_a_scenario_changes_the_tape_the_same_way_every_time_and_leaves_its_source_alone(
    name: str, world: WorldSpec
) -> None:
    tape = _tape(world)
    before = tape.digest()
    once, again = (SCENARIOS[name].apply(tape) for _ in range(2))
    assert tape.digest() == before
    assert once.digest() == again.digest()
    assert (once.digest() == before) == (tape.lottery is not None and not SCENARIOS[name].in_games)


@settings(max_examples=6)
@given(seed=st.integers(0, 10_000), world=st.sampled_from(WORLDS), seconds=st.integers(12, 60))
@pytest.mark.parametrize("name", STRESSES)
def test_what_a_scenario_leaves_is_always_valid(name: str, seed: int, world: WorldSpec, seconds: int) -> None:
    refuse_invalid(SCENARIOS[name].apply(_tape(world, seed, float(seconds))))


@settings(max_examples=4)
@given(share=st.floats(0.0, 1.0), seed=st.integers(0, 10_000))
@pytest.mark.parametrize("name", STRESSES)
def test_any_values_within_the_bounds_leave_a_valid_tape(name: str, share: float, seed: int) -> None:
    parameters = SCENARIOS[name].parameters
    changes = {one.name: one.low + share * (one.high - one.low) for one in parameters}
    changes |= {one.name: round(changes[one.name]) for one in parameters if one.unit == COUNT}
    refuse_invalid(SCENARIOS[name].apply(_tape(seed=seed, seconds=20.0), changes))


@pytest.mark.parametrize("name", STRESSES)
def test_one_stress_may_follow_another(name: str) -> None:
    tape = _tape(seconds=30.0)
    for other in ("disconnect", "liquidation_cascade", name):
        tape = SCENARIOS[other].apply(tape)
    refuse_invalid(tape)


@pytest.mark.parametrize("name", STRESSES)
def test_nothing_happens_before_the_stress_begins(name: str) -> None:
    tape = SCENARIOS["basis_break"].apply(_tape())
    stressed = SCENARIOS[name].apply(tape)
    start_ns, _ = span(tape, 1.0)
    rows = int((tape.events["exch_ts"] < start_ns).sum())
    assert (stressed.events[:rows] == tape.events[:rows]).all()
    trips = tape.latency[tape.latency["req_ts"] < start_ns - 1]
    assert (stressed.latency[: len(trips)] == trips).all()
    for channel in tape.channels:
        after = stream(stressed, channel.name)
        early = int((channel.times_ns < start_ns).sum())
        assert (after.values[:early] == channel.values[:early]).all()


@pytest.fixture(scope="module")
def recorded(tapes: Path) -> Tape:
    tape, _ = ingest(tapes / "binance_usdm_btcusdt_20240808.gz")
    return slices(tape, 30.0)[2]


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "flash_rally"])
def test_a_recorded_tape_survives_every_mechanism(recorded: Tape, name: str) -> None:
    refuse_invalid(SCENARIOS[name].apply(recorded))


def test_gaps_and_outages_are_part_of_the_digest_and_their_absence_is_not() -> None:
    tape = _tape()
    gap = replace(tape, gaps_ns=((1, 2),))
    outage = replace(tape, outages_ns=((1, 2),))
    assert len({tape.digest(), gap.digest(), outage.digest()}) == 3
    # What a tape of these very rows was before gaps and outages counted.
    assert replace(tape, gaps_ns=(), outages_ns=()).digest() == tape.digest()
    assert replace(tape, outages_ns=((np.int64(1), np.int64(2)),)).digest() == outage.digest()


def test_outages_survive_a_file(tmp_path: Path) -> None:
    tape = SCENARIOS["disconnect"].apply(_tape())
    save(tape, tmp_path / "cut.npz")
    assert load(tmp_path / "cut.npz").outages_ns == tape.outages_ns
    assert load(tmp_path / "cut.npz").digest() == tape.digest()


def test_a_stream_of_nothing_is_made_anew() -> None:
    nothing = Channel("index", np.zeros(0, np.int64), np.zeros(0))
    stressed = SCENARIOS["basis_break"].apply(replace(_tape(), channels=(nothing,)))
    assert len(stream(stressed, "index").values) > 100
