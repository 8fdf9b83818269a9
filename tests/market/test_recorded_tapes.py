"""The real recordings: counts, clocks, books."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from alphaloop.errors import BadTape
from alphaloop.market.ingest import IngestReport, ingest, load, save, slices
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.metrics.feed import drop_rate, sequence_gaps
from alphaloop.market.replay import touches
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import EXCHANGE, KIND_MASK, TRADE, Tape
from alphaloop.market.worlds import fit, make

Recorded = tuple[Tape, IngestReport]


@pytest.fixture(scope="module")
def usdm(tapes: Path) -> Recorded:
    return ingest(tapes / "binance_usdm_btcusdt_20240808.gz")


@pytest.fixture(scope="module")
def spot(tapes: Path) -> Recorded:
    return ingest(tapes / "binance_spot_btcusdt_20240808.gz")


def test_every_line_of_the_perpetual_is_accounted_for(usdm: Recorded) -> None:
    _, report = usdm
    assert (report.lines, report.quarantined, report.sequence_gaps, report.missing_trades) == (
        93_954,
        0,
        0,
        0,
    )
    assert report.lines == report.ignored + report.received + report.snapshots
    assert (report.diffs, report.stale, report.trades) == (6_547, 4, 21_308)
    assert report.span_s == pytest.approx(344.6, abs=0.1)
    assert (sequence_gaps([report]), drop_rate([report])) == (0.0, 0.0)


def test_the_perpetuals_clock_is_shifted_and_the_shift_is_told(usdm: Recorded) -> None:
    tape, report = usdm
    assert report.clock_shift_ns == tape.clock_shift_ns == pytest.approx(1.27e9, rel=0.01)
    assert report.least_latency_ns == 1_000_000
    assert (tape.latency["exch_ts"] > tape.latency["req_ts"]).all()


def test_tick_and_lot_are_the_venues(usdm: Recorded, spot: Recorded) -> None:
    assert (usdm[0].instrument.tick, usdm[0].instrument.lot) == (0.1, 0.001)
    assert spot[0].instrument.tick == 0.01
    assert usdm[0].instrument.fees_assumed


@pytest.mark.parametrize("market", ["usdm", "spot"])
def test_a_recorded_book_is_never_crossed(market: str, request: pytest.FixtureRequest) -> None:
    tape, _ = request.getfixturevalue(market)
    refuse_disorder(tape.events, tape.name)
    seen = touches(tape)
    assert len(seen.times_ns) > 3_000
    assert (seen.ask > seen.bid).all()


def test_trades_print_at_the_touch_and_on_the_side_of_their_aggressor(usdm: Recorded) -> None:
    tape, _ = usdm
    seen = touches(tape)
    trades = tape.events[((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & EXCHANGE) != 0)]
    before = np.maximum(np.searchsorted(seen.times_ns, trades["exch_ts"]) - 1, 0)
    mid = (seen.bid[before] + seen.ask[before]) / 2 * tape.instrument.tick
    bought = (trades["ev"] & (1 << 29)) != 0
    assert np.mean((trades["px"] > mid) == bought) > 0.9


def test_a_recording_cut_anywhere_is_refused(tapes: Path, tmp_path: Path) -> None:
    whole = (tapes / "binance_usdm_btcusdt_20240808.gz").read_bytes()
    path = tmp_path / "cut.gz"
    path.write_bytes(whole[:100_000])
    with pytest.raises(BadTape, match=r"cut\.gz:\d{3,}: the packed stream is cut short"):
        ingest(path)


def test_a_lost_line_is_a_gap_until_the_end(tapes: Path, tmp_path: Path) -> None:
    with gzip.open(tapes / "binance_usdm_btcusdt_20240808.gz", "rt", encoding="utf-8") as recording:
        lines = [next(recording) for _ in range(4_000)]
    depth = [place for place, line in enumerate(lines) if '"depthUpdate"' in line]
    del lines[depth[len(depth) // 2]]
    path = tmp_path / "lost"
    path.write_text("".join(lines), encoding="utf-8")
    tape, report = ingest(path)
    assert report.sequence_gaps > 0
    ((start, end),) = tape.gaps_ns
    assert tape.start_ns < start < end == tape.end_ns


def test_slices_survive_a_file_and_every_scenario(usdm: Recorded, tmp_path: Path) -> None:
    parts = slices(usdm[0], 60.0)
    assert len(parts) == 5
    save(parts[2], tmp_path / "slice.npz")
    part = load(tmp_path / "slice.npz")
    assert part.digest() == parts[2].digest()
    for scenario in SCENARIOS.values():
        stressed = scenario.apply(part)
        refuse_disorder(stressed.events, scenario.name)
        seen = touches(stressed)
        assert (seen.ask > seen.bid).all()


def test_a_fitted_world_has_the_recordings_tick_spread_and_volatility(usdm: Recorded) -> None:
    tape, _ = usdm
    spec = fit(tape)
    made = [make(spec, tape.instrument, 60.0, seed) for seed in range(10)]
    seen = [touches(each) for each in made]
    recorded = touches(tape)
    assert np.median(np.concatenate([each.ask - each.bid for each in seen])) == np.median(
        recorded.ask - recorded.bid
    )
    changes = [float((each.bid[-1] - each.bid[0]) * tape.instrument.tick) for each in seen]
    assert np.std(changes) / 60**0.5 == pytest.approx(dict(spec.params)["sigma"], rel=0.6)
