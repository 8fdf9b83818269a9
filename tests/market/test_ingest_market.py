"""Several files as one market: the perpetual, its spot, and what does not belong together."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from alphaloop.errors import BadTape
from alphaloop.market.ingest import ingest, market_of, save
from alphaloop.market.ingest.basis import basis_series, mid_series

EPOCH_NS = 1_700_000_000_000_000_000
USDM, SPOT = "binance_usdm_btcusdt_20240808.gz", "binance_spot_btcusdt_20240808.gz"


def _perpetual(recorder, folder: Path, mids: list[tuple[int, float]]) -> Path:
    """A book one wide around each mid, ms → mid."""
    recorder.lines.clear()
    _, mid = mids[0]
    recorder.diff(0, (1, 2, 0)).snapshot(0, 2, [[f"{mid - 0.5:.2f}", "1.0"]], [[f"{mid + 0.5:.2f}", "1.0"]])
    last = 2
    for (_, old), (ms, new) in pairwise(mids):
        bids = [[f"{old - 0.5:.2f}", "0.0"], [f"{new - 0.5:.2f}", "1.0"]]
        asks = [[f"{old + 0.5:.2f}", "0.0"], [f"{new + 0.5:.2f}", "1.0"]]
        recorder.diff(ms, (last + 1, last + 1, last), bids=bids, asks=asks)
        last += 1
    path = folder / "perpetual"
    path.write_text(recorder.text())
    return path


def _spot(recorder, folder: Path, mids: list[tuple[int, float]], skip: int = 0) -> Path:
    """The same as spot sends it: no pu, no T.  `skip`: one id is missing before this change."""
    path = _perpetual(recorder, folder, mids)
    lines = []
    for place, line in enumerate(recorder.lines):
        shifted = line.replace(f'"u": {place + 1}', f'"u": {place + 1 + bool(skip and place > skip)}')
        if "depthUpdate" in line and skip and place > skip:
            shifted = shifted.replace(f'"U": {place + 1}', f'"U": {place + 2}')
        lines.append(shifted)
    text = "".join(f"{line}\n" for line in lines)
    for ms in range(0, 2_000, 50):
        text = text.replace(f', "T": {1_700_000_000_000 + ms}', "")
    for before in range(10):
        text = text.replace(f', "pu": {before}', "")
    spot = folder / "spot"
    spot.write_text(text)
    path.unlink()
    return spot


def test_the_spot_mid_becomes_the_index_and_the_basis_is_weighted_by_time(tmp_path: Path, recorder) -> None:
    """Perpetual 100 until 600 ms, then 102, until 1000 ms; spot 99 until 200 ms, then 100.

    Basis: 1 for 200 ms, 0 for 400 ms, 2 for 400 ms.  Mean 0.2 + 0.8 = 1.0; variance
    0.2 · 0 + 0.4 · 1 + 0.4 · 1 = 0.8.
    """
    spot = _spot(recorder, tmp_path, [(0, 99.0), (200, 100.0), (950, 100.0)])
    perpetual = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0), (1_000, 102.0)])
    first, second = market_of([spot, perpetual])
    assert (first.report.venue, second.report.venue) == ("binance-usdm", "binance-spot")
    index = first.tape.channel("index")
    assert index is not None
    assert index.values.tolist()[:2] == [99.0, 100.0]
    basis = first.report.basis
    assert basis is not None
    assert (basis.mean, basis.std) == pytest.approx((1.0, 0.8**0.5))
    assert basis.index == "the mid of spot"
    assert ingest(spot, perpetual).tape.digest() == first.tape.digest()
    assert ingest(perpetual).report.basis is None


def test_where_the_spot_book_is_unknown_the_perpetual_is_not_judged(tmp_path: Path, recorder) -> None:
    spot = _spot(recorder, tmp_path, [(0, 99.0), (200, 100.0), (400, 90.0), (950, 80.0)], skip=2)
    perpetual = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0), (1_000, 102.0)])
    tape, report = ingest(perpetual, spot)
    assert tape.gaps_ns
    assert tape.gaps_ns[0][0] == EPOCH_NS + 200_000_000
    index = tape.channel("index")
    assert index is not None
    assert 90.0 not in index.values
    assert report.basis is not None
    assert report.basis.mean == pytest.approx(1.0)


def test_files_without_an_instant_in_common_are_refused(tmp_path: Path, recorder) -> None:
    spot = _spot(recorder, tmp_path, [(0, 99.0), (200, 100.0)])
    perpetual = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)])
    later = perpetual.read_text().replace("1700000000", "1700009000").replace("16999999", "17000089")
    perpetual.write_text(later)
    with pytest.raises(BadTape, match="no instant in common"):
        market_of([spot, perpetual])


def test_two_recordings_of_one_market_are_refused(tmp_path: Path, recorder) -> None:
    one = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)])
    other = tmp_path / "other"
    other.write_bytes(one.read_bytes())
    with pytest.raises(BadTape, match="no one market"):
        market_of([one, other])
    with pytest.raises(BadTape, match="named twice"):
        market_of([one, one])
    with pytest.raises(BadTape, match="nothing to ingest"):
        market_of([])


def _moved(path: Path, by_s: int, name: str) -> Path:
    """The same recording, so many seconds later."""
    moved = re.sub(r"1(6999|7000)\d{5}(?=\d{3})", lambda found: str(int(found[0]) + by_s), path.read_text())
    other = path.with_name(name)
    other.write_text(moved)
    return other


def test_days_of_a_perpetual_each_have_the_spot_market_of_their_own_day(tmp_path: Path, recorder) -> None:
    spot = _spot(recorder, tmp_path, [(0, 99.0), (200, 100.0), (950, 100.0)])
    perpetual = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0), (1_000, 102.0)])
    days = [_moved(perpetual, 86_400 * day, f"perpetual{day}") for day in (1, 2)]
    found = market_of([days[1], _moved(spot, 86_400, "spot1"), perpetual, spot, days[0]])
    assert [tape.name for tape, _ in found] == ["perpetual", "perpetual1", "perpetual2", "spot", "spot1"]
    told = [tape.channel("index") for tape, _ in found]
    assert [index is not None for index in told] == [True, True, False, False, False]
    assert [int(tape.channel("index").times_ns[0]) for tape, _ in found[:2]] == [
        EPOCH_NS,
        EPOCH_NS + 86_400 * 10**9,
    ]
    with pytest.raises(BadTape, match="no instant in common"):
        market_of([perpetual, spot, _moved(spot, 86_400, "spot1")])
    with pytest.raises(BadTape, match=r"spot and .*spot1 tell of .* at the same time"):
        market_of([perpetual, spot, _moved(spot, 0, "spot1")])


def test_a_venue_that_is_said_must_be_true(tmp_path: Path, recorder) -> None:
    path = _perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)])
    assert ingest(path, venue="binance-usdm").report.venue == "binance-usdm"
    with pytest.raises(BadTape, match="is of binance-usdm, not of bybit"):
        ingest(path, venue="bybit")


def test_an_npz_of_hftbacktest_becomes_a_tape_of_the_venue_that_is_said(tmp_path: Path, recorder) -> None:
    tape, _ = ingest(_perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)]))
    foreign = tmp_path / "foreign.npz"
    np.savez_compressed(foreign, data=tape.events)
    again, report = ingest(foreign, venue="okx")
    assert (again.events == tape.events).all()
    assert (report.venue, again.venue, again.instrument.symbol) == ("okx", "okx", "foreign")
    assert (again.instrument.tick, again.instrument.lot) == (tape.instrument.tick, tape.instrument.lot)
    assert report.lines == report.diffs + report.snapshots + report.trades == len(tape.events)
    assert ingest(foreign).report.venue == "unknown"


def test_a_tape_of_ours_is_taken_as_it_is(tmp_path: Path, recorder) -> None:
    tape, _ = ingest(_perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)]))
    save(tape, tmp_path / "ours.npz")
    again, report = ingest(tmp_path / "ours.npz")
    assert again.digest() == tape.digest()
    assert (report.venue, report.rows) == ("binance-usdm", len(tape.events))


WRONG = [("px", 0.0, "price"), ("px", -1.0, "price"), ("px", np.nan, "price"), ("qty", -1.0, "size")]


@pytest.mark.parametrize(("column", "value", "why"), [*WRONG, ("ev", 10, "order")])
def test_an_npz_with_a_row_that_cannot_be_is_refused(
    tmp_path: Path, recorder, column: str, value: float, why: str
) -> None:
    tape, _ = ingest(_perpetual(recorder, tmp_path, [(0, 100.0), (600, 102.0)]))
    data = tape.events.copy()
    data[column][1] = value
    np.savez_compressed(tmp_path / "foreign.npz", data=data)
    with pytest.raises(BadTape, match=why):
        ingest(tmp_path / "foreign.npz")


def test_both_real_recordings_give_a_basis_series(tapes: Path) -> None:
    (perpetual, report), (spot, _) = market_of([tapes / USDM, tapes / SPOT])
    basis = report.basis
    assert basis is not None
    assert basis.n > 5_000
    assert basis.mean == pytest.approx(-22.76, abs=0.01)
    assert basis.std == pytest.approx(3.80, abs=0.01)
    _, values, held_ns = basis_series(perpetual)
    assert held_ns.sum() / 1e9 == pytest.approx(report.span_s, rel=0.01)
    # Brute force, once a second: the last mid of each market before that instant.
    times, mids = mid_series(perpetual)
    spot_times, spot_mids = mid_series(spot)
    grid = np.arange(max(times[0], spot_times[0]), perpetual.end_ns - 2 * 10**9, 10**9)
    sampled = [_last(times, mids, now) - _last(spot_times, spot_mids, now) for now in grid]
    assert np.mean(sampled) == pytest.approx(np.average(values, weights=held_ns), abs=0.5)


def _last(times: np.ndarray, values: np.ndarray, now: int) -> float:
    return float(values[np.flatnonzero(times <= now)[-1]])
