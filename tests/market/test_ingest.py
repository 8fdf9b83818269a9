"""What recordings become, and what is refused, quarantined and counted on the way."""

import gzip
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadTape
from alphaloop.market.ingest import ingest
from alphaloop.market.ingest.event_order import BOTH, ordered, refuse_disorder
from alphaloop.market.ingest.steps import step
from alphaloop.market.replay import touches
from alphaloop.market.rows import rows
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, KIND_MASK, LOCAL, SELL, TRADE

BIDS, ASKS = [["100.0", "1.00"], ["99.5", "2.00"]], [["101.0", "1.25"], ["101.5", "2.00"]]

TRADE_LINE = (
    '1700000000000000000 {"stream":"btcusdt@trade","data":'
    '{"e":"trade","s":"BTCUSDT","T":%s,"t":1,"p":"%s","q":"1","m":true}}'
)


def _begun(recorder):
    """Ids 11–20 are before the snapshot at 25; 21–30 straddle it."""
    recorder.diff(0, (11, 20, 10), bids=[["98.0", "9.00"]]).diff(20, (21, 30, 20), bids=[["99.5", "3.00"]])
    return recorder.snapshot(15, 25, BIDS, ASKS)


def _file(folder: Path, text: str) -> Path:
    path = folder / "recording"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_is_a_bad_tape(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="nowhere"):
        ingest(tmp_path / "nowhere.gz")


def test_a_gzip_cut_short_is_refused_with_file_and_line(tmp_path: Path, recorder) -> None:
    whole = gzip.compress(_begun(recorder).text().encode() * 200)
    path = tmp_path / "cut.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadTape, match=r"cut\.gz:\d+: the packed stream is cut short"):
        ingest(path)


def test_a_damaged_gzip_is_refused(tmp_path: Path, recorder) -> None:
    whole = bytearray(gzip.compress(_begun(recorder).text().encode() * 200))
    whole[len(whole) // 2] ^= 0xFF
    path = tmp_path / "damaged.gz"
    path.write_bytes(bytes(whole))
    with pytest.raises(BadTape, match=r"damaged\.gz:\d+"):
        ingest(path)


def test_a_file_that_is_no_recording_is_refused_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match=r"2 lines.*2 are no messages, the first is recording:1"):
        ingest(_file(tmp_path, "hello\nworld\n"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="0 lines"):
        ingest(_file(tmp_path, ""))


def test_two_symbols_in_one_recording_are_refused(tmp_path: Path, recorder) -> None:
    text = _begun(recorder).text() + recorder.lines[0].replace("BTCUSDT", "ETHUSDT") + "\n"
    with pytest.raises(BadTape, match=":4: ETHUSDT in a recording of BTCUSDT"):
        ingest(_file(tmp_path, text))


def test_a_snapshot_that_no_diff_straddles_gives_no_book(tmp_path: Path, recorder) -> None:
    recorder.snapshot(0, 5, BIDS, ASKS).diff(10, (11, 20, 10))
    with pytest.raises(BadTape, match="straddles"):
        ingest(_file(tmp_path, recorder.text()))


@pytest.mark.parametrize(
    "corrupt",
    [
        "{",
        "not a time {}",
        '1 {"stream":"x","data":{"e":"depthUpdate"}}',
        "9" * 30 + " {}",
        "1700000000000000000 " + "[" * 100_000,
        "1700000000000000000 []",
        TRADE_LINE % ("1700000000000", "NaN"),
        TRADE_LINE % ("9700000000000", "1"),
    ],
)
def test_a_corrupt_line_is_quarantined_with_its_number(tmp_path: Path, recorder, corrupt: str) -> None:
    text = _begun(recorder).text()
    _, report = ingest(_file(tmp_path, text + corrupt + "\n"))
    assert (report.lines, report.quarantined, report.quarantined_lines) == (4, 1, ("recording:4",))
    assert report.first_fault


def test_bytes_that_are_no_text_are_quarantined(tmp_path: Path, recorder) -> None:
    path = tmp_path / "recording"
    path.write_bytes(_begun(recorder).text().encode() + b"1700000000000000000 {\xff\xfe}\n")
    assert ingest(path)[1].quarantined_lines == ("recording:4",)


def test_the_book_begins_with_the_snapshot_and_the_diff_that_straddles_it(tmp_path: Path, recorder) -> None:
    tape, report = ingest(_file(tmp_path, _begun(recorder).text()))
    assert (report.diffs, report.stale, report.snapshots, report.sequence_gaps) == (1, 1, 1, 0)
    prices = tape.events["px"][(tape.events["ev"] & KIND_MASK) == DEPTH].tolist()
    assert prices == [99.5]
    assert 98.0 not in tape.events["px"]


def test_the_trader_hears_of_no_diff_before_the_snapshot(tmp_path: Path, recorder) -> None:
    tape, _ = ingest(_file(tmp_path, _begun(recorder).text()))
    assert len(set(tape.events["local_ts"].tolist())) == 1


def test_missing_ids_are_counted_and_the_rest_is_a_gap(tmp_path: Path, recorder) -> None:
    """The book stood at 30; the next diff follows 34: four ids are missing."""
    _begun(recorder).diff(40, (35, 40, 34), bids=[["100.5", "1.00"]])
    tape, report = ingest(_file(tmp_path, recorder.text()))
    assert report.sequence_gaps == tape.sequence_gaps == 4
    assert tape.gaps_ns == ((1_700_000_000_020_000_000, tape.end_ns),)
    assert 100.5 not in tape.events["px"]


def test_a_newer_snapshot_mends_the_book_and_ends_the_gap(tmp_path: Path, recorder) -> None:
    _begun(recorder).diff(40, (35, 40, 34)).snapshot(60, 45, [["100.5", "1.00"]], [["101.0", "1.00"]])
    recorder.diff(80, (41, 50, 40), asks=[["100.75", "0.50"]]).diff(90, (51, 52, 50), asks=[["100.75", "0"]])
    tape, report = ingest(_file(tmp_path, recorder.text()))
    assert (report.sequence_gaps, report.snapshots) == (4, 2)
    ((start, end),) = tape.gaps_ns
    assert start < end <= tape.end_ns
    last = touches(tape)
    assert (last.bid[-1] * tape.instrument.tick, last.ask[-1] * tape.instrument.tick) == (100.5, 101.0)


def test_a_diff_that_came_twice_is_stale_and_no_gap(tmp_path: Path, recorder) -> None:
    _begun(recorder).diff(40, (31, 40, 30)).diff(41, (31, 40, 30)).diff(50, (41, 42, 40))
    _, report = ingest(_file(tmp_path, recorder.text()))
    assert (report.diffs, report.stale, report.sequence_gaps) == (3, 2, 0)


def test_missing_trades_are_counted(tmp_path: Path, recorder) -> None:
    _begun(recorder).trade(60, 100, "101.0", "0.50", sold=False).trade(61, 105, "100.0", "0.50", sold=True)
    tape, report = ingest(_file(tmp_path, recorder.text()))
    assert (report.trades, report.missing_trades) == (2, 4)
    trades = tape.events[((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & EXCHANGE) != 0)]
    assert [bool(ev & BUY) for ev in trades["ev"].tolist()] == [True, False]
    assert [bool(ev & SELL) for ev in trades["ev"].tolist()] == [False, True]


def test_a_clock_that_is_behind_is_shifted_until_the_least_latency_is_a_millisecond(
    tmp_path: Path, recorder
) -> None:
    _begun(recorder).trade(160, 100, "101.0", "0.50", sold=False, delay_ms=3.0)
    tape, report = ingest(_file(tmp_path, recorder.text()))
    assert report.clock_shift_ns == tape.clock_shift_ns == 1_270_000_000 - 3_000_000 + 1_000_000
    assert report.least_latency_ns == 1_000_000


def test_a_sound_clock_is_left_alone(tmp_path: Path, recorder) -> None:
    recorder.LAG_NS = 0
    _, report = ingest(_file(tmp_path, _begun(recorder).text()))
    assert (report.clock_shift_ns, report.least_latency_ns > 0) == (0, True)


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["61800.10", "61799.80", "0.30"], "0.1"),
        (["2.50", "10.00", "0.75"], "0.25"),
        (["0.00001", "0.00003"], "0.00001"),
        (["100", "350"], "5E+1"),
    ],
)
def test_tick_and_lot_come_exactly_from_the_decimals(texts: list[str], wanted: str) -> None:
    assert step(np.array(texts, np.float64)) == Decimal(wanted)


@given(st.integers(1, 10**6), st.integers(0, 8), st.lists(st.integers(1, 10**6), min_size=1))
def test_a_step_always_divides_what_it_was_inferred_from(unit: int, places: int, counts: list[int]) -> None:
    texts = [f"{Decimal(unit * count).scaleb(-places):f}" for count in counts]
    found = step(np.array(texts, np.float64))
    assert found is not None
    assert all(Decimal(text) % found == 0 for text in texts)
    assert found % Decimal(unit).scaleb(-places) == 0


def test_nothing_but_zeros_has_no_step_and_neither_have_numbers_that_are_no_decimals() -> None:
    assert step(np.zeros(3)) is None
    assert step(np.zeros(0)) is None
    assert step(np.array([1 / 3])) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 60)), min_size=1, max_size=60))
def test_event_order_never_loses_a_row_and_always_suits_both_clocks(times: list[tuple[int, int]]) -> None:
    exch = [happened for happened, _ in times]
    local = sorted(happened + late for happened, late in times)
    size = list(range(len(times)))
    events = ordered(rows([DEPTH | BUY] * len(times), exch, local, [1.0] * len(times), size))
    refuse_disorder(events, "made")
    for clock, column, wanted in ((EXCHANGE, "exch_ts", exch), (LOCAL, "local_ts", local)):
        mine = events[(events["ev"] & clock) != 0]
        assert sorted(zip(mine["qty"].tolist(), mine[column].tolist(), strict=True)) == sorted(
            zip(map(float, size), wanted, strict=True)
        )


def test_rows_of_one_time_keep_their_order_of_receipt() -> None:
    events = ordered(rows([DEPTH | BUY] * 4, [5, 5, 5, 5], [7, 7, 8, 9], [1.0] * 4, [0, 1, 2, 3]))
    assert events["qty"].tolist() == [0, 1, 2, 3]
    assert (events["ev"] & BOTH == BOTH).all()


def test_a_clock_that_runs_back_is_refused() -> None:
    events = rows([DEPTH | BUY | BOTH] * 2, [5, 4], [7, 8], [1.0, 1.0], [1, 1])
    with pytest.raises(BadTape, match="exch_ts runs backwards"):
        refuse_disorder(events, "made")
    assert np.diff(events["local_ts"])[0] > 0
