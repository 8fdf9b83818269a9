"""Every stream of a recording: each message is counted once, and only one stream tells of one thing."""

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadTape
from alphaloop.market.ingest import IngestReport, canonical, ingest, messages, slices
from alphaloop.market.ingest.files import line_blocks
from alphaloop.market.ingest.sequence import sequence
from alphaloop.market.replay import touches
from alphaloop.market.tape import EXCHANGE, KIND_MASK, TRADE

BIDS, ASKS = [["100.0", "1.00"], ["99.5", "2.00"]], [["101.0", "1.25"], ["101.5", "2.00"]]
EPOCH_MS = 1_700_000_000_000
USED = ("quarantined", "ignored", "diffs", "stale", "unused", "snapshots", "touches", "marks", "trades")


def _begun(recorder):
    recorder.diff(0, (11, 20, 10)).diff(20, (21, 30, 20), bids=[["99.5", "3.00"]])
    return recorder.snapshot(15, 25, BIDS, ASKS)


def _file(folder: Path, recorder) -> Path:
    path = folder / "recording"
    path.write_text(recorder.text(), encoding="utf-8")
    return path


def accounted(report: IngestReport) -> int:
    return sum(asdict(report)[name] for name in (*USED, "duplicates"))


def _mark(recorder, ms: int, mark: str, index: str, rate: str, **others):
    body = {"e": "markPriceUpdate", "E": EPOCH_MS + ms, "s": "BTCUSDT", "p": mark, "i": index, "r": rate}
    body |= {"P": "100.0", "T": EPOCH_MS + 8 * 3_600_000, **others}
    return recorder.line(ms, {"stream": "btcusdt@markPrice@1s", "data": body})


def _ticker(recorder, ms: int, number: int, bid: str, ask: str, **others):
    body = {"e": "bookTicker", "u": number, "s": "BTCUSDT", "b": bid, "B": "1.5", "a": ask, "A": "2.5"}
    body |= {"T": EPOCH_MS + ms, "E": EPOCH_MS + ms, **others}
    return recorder.line(ms, {"stream": "btcusdt@bookTicker", "data": body})


def _aggregate(recorder, ms: int, number: int, price: str, size: str):
    body = {"e": "aggTrade", "E": EPOCH_MS + ms, "T": EPOCH_MS + ms, "s": "BTCUSDT", "a": number, "p": price}
    return recorder.line(
        ms, {"stream": "btcusdt@aggTrade", "data": body | {"q": size, "f": 1, "l": 2, "m": True}}
    )


def test_mark_messages_become_three_channels_at_the_time_of_the_message(tmp_path: Path, recorder) -> None:
    """T of a mark message is when funding is due, eight hours later: not its own time."""
    _mark(_begun(recorder), 100, "100.5", "100.25", "0.0001")
    _mark(recorder, 1_100, "100.6", "100.35", "-0.0002")
    tape, report = ingest(_file(tmp_path, recorder))
    got = {each.name: (each.times_ns.tolist(), each.values.tolist()) for each in tape.channels}
    at = [(EPOCH_MS + 100) * 10**6, (EPOCH_MS + 1_100) * 10**6]
    assert got == {
        "mark": (at, [100.5, 100.6]),
        "index": (at, [100.25, 100.35]),
        "funding": (at, [0.0001, -0.0002]),
    }
    assert report.marks == 2
    assert report.next_funding_ns == (EPOCH_MS + 8 * 3_600_000) * 10**6
    assert accounted(report) == report.lines == 5


def test_a_contract_that_expires_has_no_funding_channel(tmp_path: Path, recorder) -> None:
    _mark(_begun(recorder), 100, "100.5", "100.25", "", T=0)
    tape, report = ingest(_file(tmp_path, recorder))
    assert [each.name for each in tape.channels] == ["mark", "index"]
    assert report.next_funding_ns is None


@pytest.mark.parametrize("rate", ["NaN", "inf", "2.0", "x"])
def test_a_funding_rate_that_is_none_is_quarantined(tmp_path: Path, recorder, rate: str) -> None:
    tape, report = ingest(_file(tmp_path, _mark(_begun(recorder), 100, "100.5", "100.25", rate)))
    assert (tape.channels, report.quarantined, report.marks) == ((), 1, 0)


def test_the_basis_is_measured_against_the_venues_own_index(tmp_path: Path, recorder) -> None:
    """The mid is (100 + 101) / 2 = 100.5 throughout; index 100.25 for 400 ms, then 100.0 for 600 ms.

    So the basis is 0.25 for 0.4 and 0.5 for 0.6 of the time: mean 0.4, deviation 0.25 √(0.4 · 0.6) = 0.1225.
    """
    _mark(_begun(recorder), 100, "100.5", "100.25", "0.0001")
    _mark(recorder, 500, "100.5", "100.0", "0.0001").diff(1_100, (31, 40, 30), bids=[["99.5", "3.50"]])
    basis = ingest(_file(tmp_path, recorder)).report.basis
    assert basis is not None
    assert (basis.mean, basis.std) == pytest.approx((0.4, 0.25 * 0.24**0.5))
    assert "own index" in basis.index


def test_liquidations_and_unknown_streams_are_counted_as_ignored(tmp_path: Path, recorder) -> None:
    order = {"e": "forceOrder", "E": EPOCH_MS, "o": {"s": "BTCUSDT", "S": "SELL", "q": "0.1"}}
    _begun(recorder).line(5, {"stream": "btcusdt@forceOrder", "data": order})
    recorder.line(6, {"stream": "x@y", "data": {"e": "neverHeardOf", "s": "BTCUSDT"}})
    recorder.line(7, {"result": None, "id": 1})
    _, report = ingest(_file(tmp_path, recorder))
    assert report.by_kind == {"forceOrder": 1, "other streams": 2}
    assert accounted(report) == report.lines


def test_messages_without_the_wrapper_of_a_combined_stream_are_the_same(tmp_path: Path, recorder) -> None:
    _begun(recorder).trade(60, 100, "101.0", "0.50", sold=False)
    wrapped = ingest(_file(tmp_path, recorder)).tape.digest()
    bare = [line.split(" ", 1) for line in recorder.lines]
    decoded = [(stamp, json.loads(body)) for stamp, body in bare]
    recorder.lines = [f"{stamp} {json.dumps(body.get('data', body))}" for stamp, body in decoded]
    assert ingest(_file(tmp_path, recorder)).tape.digest() == wrapped


def test_aggregates_beside_single_trades_are_the_same_trades_and_not_counted_again(
    tmp_path: Path, recorder
) -> None:
    _begun(recorder).trade(60, 100, "101.0", "0.50", sold=True).trade(60, 101, "101.0", "0.25", sold=True)
    _aggregate(recorder, 60, 7, "101.0", "0.75")
    tape, report = ingest(_file(tmp_path, recorder))
    printed = tape.events[((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & EXCHANGE) != 0)]
    assert printed["qty"].tolist() == [0.5, 0.25]
    assert (report.trades, report.by_kind) == (2, {"aggTrade beside trade": 1})


def test_aggregates_alone_are_the_trades(tmp_path: Path, recorder) -> None:
    _aggregate(_aggregate(_begun(recorder), 60, 7, "101.0", "0.75"), 61, 10, "101.0", "0.25")
    report = ingest(_file(tmp_path, recorder)).report
    assert (report.trades, report.missing_trades, report.ignored) == (2, 2, 0)


def test_a_trade_that_came_twice_counts_once(tmp_path: Path, recorder) -> None:
    _begun(recorder)
    for ms, number in ((60, 100), (61, 102), (62, 100), (63, 101)):
        recorder.trade(ms, number, "101.0", "0.50", sold=False)
    _, report = ingest(_file(tmp_path, recorder))
    assert (report.trades, report.duplicates, report.out_of_order, report.missing_trades) == (3, 1, 1, 0)
    assert accounted(report) == report.lines


def test_prints_off_the_book_are_no_trades_and_leave_no_gap_in_the_ids(tmp_path: Path, recorder) -> None:
    _begun(recorder).trade(60, 100, "101.0", "0.50", sold=False).trade(61, 102, "101.0", "0.50", sold=False)
    fund = recorder.lines[-1].replace('"t": 102', '"t": 101').replace("MARKET", "INSURANCE_FUND")
    recorder.lines.append(fund.replace('"p": "101.0"', '"p": "0"'))
    _, report = ingest(_file(tmp_path, recorder))
    assert (report.trades, report.missing_trades) == (2, 0)
    assert report.by_kind == {"trade off the book": 1}


def test_tickers_beside_depth_make_no_rows(tmp_path: Path, recorder) -> None:
    without = ingest(_file(tmp_path, _begun(recorder))).tape.digest()
    tape, report = ingest(_file(tmp_path, _ticker(recorder, 40, 31, "100.0", "101.0")))
    assert tape.digest() == without
    assert (report.book, report.touches, report.by_kind) == ("depth", 0, {"bookTicker beside depth": 1})


def test_tickers_without_depth_make_a_book_of_one_level(tmp_path: Path, recorder) -> None:
    _ticker(recorder, 0, 1, "100.0", "101.0")
    _ticker(recorder, 10, 2, "100.5", "101.0")
    recorder.trade(15, 7, "101.0", "0.50", sold=False)
    _ticker(recorder, 20, 3, "100.5", "100.75")
    tape, report = ingest(_file(tmp_path, recorder))
    seen = touches(tape)
    tick = tape.instrument.tick
    assert (seen.bid * tick).tolist() == [100.0, 100.5, 100.5]
    assert (seen.ask * tick).tolist() == [101.0, 101.0, 100.75]
    assert (report.book, report.touches, report.trades) == ("touch", 3, 1)
    assert accounted(report) == report.lines == 4


def test_a_touch_that_is_older_than_the_last_is_left_out_and_counted(tmp_path: Path, recorder) -> None:
    for ms, number, bid in ((0, 5, "100.0"), (10, 7, "100.5"), (20, 6, "99.0"), (30, 7, "98.0")):
        _ticker(recorder, ms, number, bid, "101.0")
    tape, report = ingest(_file(tmp_path, recorder))
    assert (report.touches, report.duplicates, report.out_of_order) == (2, 1, 1)
    assert (touches(tape).bid[-1] * tape.instrument.tick) == 100.5
    assert accounted(report) == report.lines


def test_a_crossed_touch_is_quarantined(tmp_path: Path, recorder) -> None:
    _ticker(_ticker(recorder, 0, 1, "100.0", "101.0"), 10, 2, "101.0", "101.0")
    assert ingest(_file(tmp_path, recorder)).report.quarantined_lines == ("recording:2",)


def test_a_spot_ticker_without_a_time_happened_the_least_latency_ago(tmp_path: Path, recorder) -> None:
    """The recorder is 1270 ms behind; the trade took 5 ms, so the ticker, received likewise, did too."""
    recorder.trade(0, 1, "100.5", "1.00", sold=True)
    recorder.lines[0] = (
        recorder.lines[0].replace('"X": "MARKET", ', "").replace('"m": true', '"m": true, "M": true')
    )
    body = {"u": 9, "s": "BTCUSDT", "b": "100.0", "B": "1", "a": "101.0", "A": "2"}
    recorder.line(50, {"stream": "btcusdt@bookTicker", "data": body})
    tape, report = ingest(_file(tmp_path, recorder))
    assert report.venue == tape.venue == "binance-spot"
    assert tape.start_ns == (EPOCH_MS + 50) * 10**6


def test_trades_alone_make_a_tape_that_no_episode_is_played_on(tmp_path: Path, recorder) -> None:
    recorder.trade(0, 1, "100.5", "1.00", sold=True).trade(9, 2, "100.0", "1.00", sold=True)
    tape, report = ingest(_file(tmp_path, recorder))
    assert (report.book, report.trades) == ("none", 2)
    with pytest.raises(BadTape, match="trades only"):
        slices(tape, 1.0)


def test_diffs_for_which_no_newer_snapshot_came_are_counted_as_unused(tmp_path: Path, recorder) -> None:
    _begun(recorder).diff(40, (35, 40, 34)).diff(50, (41, 42, 40)).snapshot(60, 20, BIDS, ASKS)
    _, report = ingest(_file(tmp_path, recorder))
    assert report.unused == 2
    assert report.by_kind == {"snapshot that gave no new book": 1}
    assert accounted(report) == report.lines


def test_a_stamp_that_leaps_is_quarantined_and_moves_no_clock(tmp_path: Path, recorder) -> None:
    _begun(recorder).trade(60, 1, "101.0", "0.50", sold=False)
    calm = ingest(_file(tmp_path, recorder)).report
    recorder.trade(70, 2, "101.0", "0.50", sold=False, delay_ms=61_000.0)
    _, report = ingest(_file(tmp_path, recorder))
    assert report.quarantined_lines == ("recording:5",)
    assert report.clock_shift_ns == calm.clock_shift_ns


def test_a_recorders_clock_that_was_set_back_is_held_and_counted(tmp_path: Path, recorder) -> None:
    _begun(recorder).trade(60, 1, "101.0", "0.50", sold=False).trade(
        65, 2, "101.0", "0.5", sold=False, delay_ms=-9
    )
    tape, report = ingest(_file(tmp_path, recorder))
    assert report.stamps_back == 1
    assert (np.diff(tape.events["local_ts"]) >= 0).all()


def test_perpetual_and_spot_in_one_file_are_refused(tmp_path: Path, recorder) -> None:
    _begun(recorder)
    recorder.lines.append(recorder.lines[1].replace('"pu": 20, ', ""))
    with pytest.raises(BadTape, match="binance-spot in a recording of binance-usdm"):
        ingest(_file(tmp_path, recorder))


def test_a_coin_margined_contract_is_no_market_of_ours(tmp_path: Path, recorder) -> None:
    recorder.diff(0, (11, 20, 10))
    recorder.lines[0] = recorder.lines[0].replace('"s": "BTCUSDT"', '"s": "B", "ps": "B"')
    with pytest.raises(BadTape, match="coin-margined"):
        ingest(_file(tmp_path, recorder))


PRICES = st.sampled_from(["100.0", "0.5", "0", "0.00", "00.10", ".5", "5.", "7", "1e3", "61800.10"])
LEVELS = st.lists(st.tuples(PRICES, st.sampled_from(["0", "1.5", "0.000"])), max_size=4)


@given(st.sampled_from(["usdm", "spot"]), LEVELS, LEVELS, st.integers(1, 10**12), st.integers(0, 9))
def test_the_quick_reader_never_disagrees_with_the_patient_one(
    venue: str, bids: list[tuple[str, str]], asks: list[tuple[str, str]], first: int, more: int
) -> None:
    body = {"e": "depthUpdate", "E": EPOCH_MS, "T": EPOCH_MS, "s": "BTCUSDT", "U": first, "u": first + more}
    body |= {"pu": first - 1, "b": bids, "a": asks}
    if venue == "spot":
        del body["T"], body["pu"]
    line = f"{EPOCH_MS}000000 {json.dumps({'stream': 's', 'data': body}, separators=(',', ':'))}".encode()
    _same(line)


@given(PRICES, PRICES)
def test_nor_on_trades(price: str, size: str) -> None:
    body = {"e": "trade", "E": EPOCH_MS, "T": EPOCH_MS, "s": "BTCUSDT", "t": 7, "p": price, "q": size}
    body |= {"X": "MARKET", "m": True}
    _same(f"{EPOCH_MS}000000 {json.dumps({'stream': 's', 'data': body}, separators=(',', ':'))}".encode())


@pytest.mark.parametrize("market", ["usdm", "spot"])
def test_the_quick_reader_reads_nearly_all_that_a_venue_sends(tapes: Path, market: str) -> None:
    blocks = islice(line_blocks(tapes / f"binance_{market}_btcusdt_20240808.gz"), 20)
    lines = [line for _, block in blocks for line in block]
    kinds = (b'"depthUpdate"', b'"trade"') if market == "usdm" else (b'"depthUpdate"',)
    told = [line for line in lines if any(kind in line for kind in kinds)]
    assert all(canonical.read(line) is not None for line in told)
    for line in told:
        _same(line)
    assert len(told) > 100


def _same(line: bytes) -> None:
    quick = canonical.read(line)
    if quick is None:
        return
    patient = messages.read(line)
    assert patient[1] == quick[1]
    assert patient[0].symbol == quick[0].symbol
    assert patient[0].venue in ("", quick[0].venue)


@given(st.lists(st.integers(0, 30)))
def test_a_sequence_never_loses_an_id(numbers: list[int]) -> None:
    found = sequence(np.array(numbers, np.int64))
    assert int(found.first.sum()) + found.duplicates == len(numbers)
    span = max(numbers) - min(numbers) + 1 if numbers else 0
    assert found.missing == span - len(set(numbers))
    assert found.late == sum(
        1 for at, n in enumerate(numbers) if n not in numbers[:at] and any(m > n for m in numbers[:at])
    )
