"""The bootstrap world plays blocks of one recording: whole books, whole blocks, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import ingest, load, save
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import touches
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import (
    BUY,
    EXCHANGE,
    KIND_MASK,
    LOCAL,
    SNAPSHOT,
    TRADE,
    Channel,
)
from alphaloop.market.worlds import make
from alphaloop.market.worlds.bootstrap import START_NS
from alphaloop.market.worlds.source import source

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
SECOND = 1_000_000_000
NAME = "monday.npz"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Two minutes of a book market with a gap of ten seconds and an index, as a pinned file: folder, spec."""
    folder = tmp_path_factory.mktemp("tapes")
    made = make(WorldSpec("book"), COARSE, 120.0, 9)
    start = made.start_ns
    seen = touches(made)
    index = Channel("index", seen.times_ns, (seen.bid + seen.ask) / 2 * 0.01 - 0.05)
    funding = Channel("funding", np.array([start, start + 60 * SECOND]), np.array([1e-4, -3e-4]))
    gap = (start + 50 * SECOND, start + 60 * SECOND)
    tape = replace(made, name=NAME, sigma=None, gaps_ns=(gap,), channels=(index, funding))
    save(tape, folder / NAME)
    return folder, _pinning(tape)


def _pinning(tape, **params):
    return WorldSpec("bootstrap", tuple(params.items()), f"{NAME}@{tape.digest()}")


def _made(recorded, seed=1, seconds=60.0, **params):
    folder, spec = recorded
    return make(replace(spec, params=tuple(params.items())), COARSE, seconds, seed, folder)


def test_a_world_that_names_no_tape_or_cannot_reach_it_is_refused(recorded):
    folder, spec = recorded
    with pytest.raises(BadConfiguration, match="name it there, as in `tape:"):
        make(WorldSpec("bootstrap"), COARSE, 60.0, 1, folder)
    with pytest.raises(BadConfiguration, match="made of a recorded tape"):
        make(spec, COARSE, 60.0, 1)
    with pytest.raises(BadTape, match=r"alphaloop ingest FILE --as tuesday\.npz"):
        make(replace(spec, tape=spec.tape.replace("monday", "tuesday")), COARSE, 60.0, 1, folder)


def test_another_tape_under_the_pinned_name_is_refused(recorded):
    folder, spec = recorded
    with pytest.raises(BadTape, match=r"another tape than market\.yaml pins"):
        make(replace(spec, tape=f"{NAME}@sha256:{'0' * 64}"), COARSE, 60.0, 1, folder)


def test_a_world_that_is_made_of_nothing_takes_no_tape(recorded):
    with pytest.raises(BadConfiguration, match="remove its `tape`"):
        make(replace(recorded[1], name="book"), COARSE, 60.0, 1, recorded[0])


@pytest.mark.parametrize("step", ["tick", "lot"])
def test_a_market_of_another_tick_or_lot_is_refused(recorded, step):
    folder, spec = recorded
    with pytest.raises(BadTape, match=f"its {step} is"):
        make(spec, replace(COARSE, **{step: 0.005}), 60.0, 1, folder)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"block_s": 0.0}, "block_s"),
        ({"block_s": float("inf")}, "block_s"),
        ({"blocks": 5.0}, "did you mean"),
    ],
)
def test_an_impossible_block_is_refused(recorded, params, words):
    with pytest.raises(BadConfiguration, match=words):
        _made(recorded, **params)


def test_a_tape_without_a_stretch_of_a_block_says_how_long_its_longest_is(recorded):
    with pytest.raises(BadTape, match=r"longest stretch without a gap is 59\.9\d s, a block is 60 s"):
        _made(recorded, block_s=60.0)


def test_a_game_cannot_be_cut_into_blocks(tmp_path):
    game = make(WorldSpec("null"), COARSE, 60.0, 1)
    save(game, tmp_path / NAME)
    with pytest.raises(BadTape, match="pin a recorded book"):
        make(_pinning(game), COARSE, 60.0, 1, tmp_path)


def test_tiny_blocks_of_whole_books_are_refused_before_they_fill_the_memory(recorded):
    with pytest.raises(BadConfiguration, match=r"864,000 blocks.*the limit is 10,000"):
        _made(recorded, seconds=86_400.0, block_s=0.1)


def test_the_tapes_name_says_on_what_it_is_conditional(recorded):
    assert _made(recorded, seed=3).name == f"bootstrap seed 3, conditional on {recorded[1].tape}"


def test_the_same_seed_makes_the_same_tape_and_another_seed_another(recorded):
    assert _made(recorded, 5).digest() == _made(recorded, 5).digest() != _made(recorded, 6).digest()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("block_s", [1.3, 7.0, 45.0])
def test_neither_clock_ever_sees_a_crossed_or_torn_book_or_runs_backwards(recorded, seed, block_s):
    tape = _made(recorded, seed, block_s=block_s)
    refuse_disorder(tape.events, tape.name)
    assert (tape.events["local_ts"] >= tape.events["exch_ts"]).all()
    for clock, column in ((EXCHANGE, "exch_ts"), (LOCAL, "local_ts")):
        heard = tape.events[(tape.events["ev"] & clock) != 0].copy()
        heard["ev"] |= np.uint64(EXCHANGE)
        heard["exch_ts"] = heard[column]
        seen = touches(replace(tape, events=heard))
        assert (seen.ask > seen.bid).all()
        # At every instant at which the book changes both sides are there.
        changed = np.unique(heard["exch_ts"][(heard["ev"] & KIND_MASK) != TRADE])
        assert len(seen.times_ns) == len(changed)
    assert int(tape.events["exch_ts"].max()) - START_NS < 60 * SECOND


def test_each_block_begins_with_a_whole_book_and_goes_on_from_the_mid_before(recorded):
    tape = _made(recorded, seed=2, block_s=10.0)
    snapshots = tape.events[(tape.events["ev"] & KIND_MASK) == SNAPSHOT]
    assert sorted(set((snapshots["exch_ts"] - START_NS) // SECOND)) == [0, 10, 20, 30, 40, 50]
    seen = touches(tape)
    mid = (seen.bid + seen.ask) / 2
    for begin in range(10, 60, 10):
        place = int(np.searchsorted(seen.times_ns, START_NS + begin * SECOND))
        assert abs(mid[place] - mid[place - 1]) <= 0.5
    last = touches(load(recorded[0] / NAME))
    assert abs(mid[0] - (last.bid[-1] + last.ask[-1]) / 2) <= 0.5


def test_what_happens_in_a_block_happened_in_the_recording_outside_its_gap(recorded):
    """Trades carry their sizes along: each block's sizes are a stretch of the recorded ones."""
    original = load(recorded[0] / NAME)
    trades = original.events[(original.events["ev"] & KIND_MASK) == TRADE]
    sizes = ",".join(f"{size:.3f}" for size in trades["qty"])
    gap_start, gap_end = original.gaps_ns[0]
    inside = trades[(trades["exch_ts"] >= gap_start) & (trades["exch_ts"] < gap_end)]["qty"]
    lost = ",".join(f"{size:.3f}" for size in inside[:6])
    for seed in range(10):
        tape = _made(recorded, seed, block_s=10.0)
        mine = tape.events[(tape.events["ev"] & KIND_MASK) == TRADE]
        for begin in range(0, 60, 10):
            at = (mine["exch_ts"] - START_NS) // SECOND
            block = mine[(at >= begin) & (at < begin + 10)]["qty"]
            told = ",".join(f"{size:.3f}" for size in block)
            assert told in sizes
            assert lost not in told


def test_the_spread_and_every_size_are_the_recorded_ones_and_only_prices_moved(recorded):
    original = load(recorded[0] / NAME)
    tape = _made(recorded, seed=4, block_s=60.0 - 1.0)
    known = {tuple(row) for row in np.column_stack(_shape(touches(original))).tolist()}
    assert {tuple(row) for row in np.column_stack(_shape(touches(tape))).tolist()} <= known


def _shape(seen):
    return seen.ask - seen.bid, seen.bid_lots, seen.ask_lots


def test_order_latency_is_carried_along_and_covers_the_episode(recorded):
    original, tape = load(recorded[0] / NAME), _made(recorded, seed=4)
    there = set((original.latency["exch_ts"] - original.latency["req_ts"]).tolist())
    assert set((tape.latency["exch_ts"] - tape.latency["req_ts"]).tolist()) <= there
    assert (np.diff(tape.latency["req_ts"]) >= 0).all()
    assert tape.latency["req_ts"][0] == START_NS
    assert tape.latency["req_ts"][-1] == START_NS + 60 * SECOND


def test_a_rejecting_round_trip_still_rejects(recorded, tmp_path):
    cut = load(recorded[0] / NAME)
    cut.latency["exch_ts"] = 0
    save(cut, tmp_path / NAME)
    tape = make(_pinning(cut), COARSE, 30.0, 1, tmp_path)
    assert (tape.latency["exch_ts"] == 0).all()


def test_recorded_side_channels_move_with_the_book_and_rates_do_not(recorded):
    tape = _made(recorded, seed=4, block_s=10.0)
    index, funding = tape.channel("index"), tape.channel("funding")
    seen = touches(tape)
    mids = ((seen.bid + seen.ask) / 2 * 0.01)[
        np.searchsorted(seen.times_ns, index.times_ns, side="right") - 1
    ]
    # The recorded basis is 0.05 at every moment, so it is in every block.
    assert mids - index.values == pytest.approx(0.05)
    assert set(funding.values) == {1e-4, -3e-4}
    assert (np.diff(index.times_ns) >= 0).all()


def test_a_recording_with_an_index_takes_no_drawn_one(recorded):
    with pytest.raises(BadConfiguration, match="its recording brings index, funding"):
        _made(recorded, basis_bps=2.0)


def test_its_sigma_is_that_of_the_recording_for_every_seed(recorded):
    one, other = _made(recorded, 1), _made(recorded, 2)
    assert one.sigma == other.sigma == source(recorded[0], recorded[1].tape, COARSE).sigma
    assert one.sigma == pytest.approx(0.02, rel=0.35)


def test_blocks_begin_anywhere_that_is_whole_and_equally_often(recorded):
    """The two stretches are 50 s and 60 s; blocks of 20 s have 30 s and 40 s of room to begin in."""
    original = load(recorded[0] / NAME)
    first_half = 0
    levels = {}
    trades = original.events[(original.events["ev"] & KIND_MASK) == TRADE]
    for size, time_ns in zip(trades["qty"].tolist(), trades["exch_ts"].tolist(), strict=True):
        levels.setdefault(size, []).append(time_ns)
    for seed in range(120):
        tape = _made(recorded, seed, seconds=20.0)
        mine = tape.events[(tape.events["ev"] & KIND_MASK) == TRADE]["qty"].tolist()
        unique = next(size for size in mine if len(levels[size]) == 1)
        first_half += levels[unique][0] < original.gaps_ns[0][0]
    # 3/7 of 120 is 51, with a standard deviation of √(120 × 3/7 × 4/7) = 5.4.
    assert first_half == pytest.approx(51, abs=17)


@pytest.mark.parametrize("scenario", ["flash_crash", "spread_blowout", "feed_gap"])
def test_a_scenario_can_be_laid_over_it(recorded, scenario):
    stressed = SCENARIOS[scenario].apply(_made(recorded, seed=1, block_s=9.0))
    refuse_disorder(stressed.events, scenario)
    seen = touches(stressed)
    assert (seen.ask > seen.bid).all()


@pytest.mark.parametrize("name", ["binance_usdm_btcusdt_20240808.gz", "binance_spot_btcusdt_20240808.gz"])
def test_real_recordings_are_stitched_without_a_seam(tapes, tmp_path, name):
    tape = replace(ingest(tapes / name)[0], name=NAME)
    save(tape, tmp_path / NAME)
    made = [make(_pinning(tape), tape.instrument, 60.0, seed, tmp_path) for seed in range(3)]
    widest = (touches(tape).ask - touches(tape).bid).max()
    for one in made:
        refuse_disorder(one.events, one.name)
        seen = touches(one)
        assert (seen.ask > seen.bid).all()
        assert (seen.ask - seen.bid).max() <= widest
        assert (one.events["ev"] & BUY).any()
