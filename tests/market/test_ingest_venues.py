"""Other venues: what is screened, what is counted, and what hftbacktest's converters make of it."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from alphaloop.errors import BadTape
from alphaloop.market.ingest import ingest
from alphaloop.market.ingest.bybit import Bybit
from alphaloop.market.ingest.forms import Form, form_of
from alphaloop.market.ingest.hyperliquid import Hyperliquid
from alphaloop.market.ingest.tardis import BOOK, TRADES, Tardis, by_day
from alphaloop.market.replay import touches

MS = 1_758_841_134_603
BIDS, ASKS = [["100.0", "1.5"], ["99.5", "2"]], [["100.5", "1"], ["101.0", "3"]]


def _raw(path: Path, messages: Sequence[dict[str, Any] | str]) -> Path:
    """Each message 10 ms after the one before, received 5 ms later."""
    lines = [
        each if isinstance(each, str) else f"{(MS + 10 * place + 5) * 10**6} {json.dumps(each)}"
        for place, each in enumerate(messages)
    ]
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def _book(kind: str, depth: int, bids: Any, asks: Any, number: int = 1) -> dict[str, Any]:
    fields = {"s": "BTCUSDT", "b": bids, "a": asks, "u": number, "seq": 1}
    return {"topic": f"orderbook.{depth}.BTCUSDT", "type": kind, "ts": MS, "data": fields, "cts": MS}


def _prints(price: str, side: str = "Buy") -> dict[str, Any]:
    trade = {"T": MS, "s": "BTCUSDT", "S": side, "v": "0.5", "p": price}
    return {"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": MS, "data": [trade]}


BYBIT = [
    _book("delta", 50, [["100.0", "9"]], []),
    _book("snapshot", 1, BIDS[:1], ASKS[:1]),
    _book("snapshot", 50, BIDS, ASKS),
    _prints("100.5"),
    "garbage",
    _prints("NaN"),
    _prints("100.5", "Sideways"),
    _book("delta", 50, [], [], 2),
    _book("delta", 50, [["100.0", "0"]], [["100.5", "0.5"]], 3),
    {"op": "subscribe", "success": True},
]


def test_bybit_is_screened_line_by_line_and_only_its_deepest_book_is_used(tmp_path: Path) -> None:
    path = _raw(tmp_path / "day", BYBIT)
    assert form_of(path) is Form.BYBIT
    screen = Bybit(tmp_path)
    screen.read([path])
    tally = screen.tally
    assert (tally.lines, tally.quarantined, tally.snapshots, tally.diffs, tally.trades) == (10, 3, 1, 1, 1)
    assert tally.quarantined_lines == ["day:5", "day:6", "day:7"]
    assert tally.ignored == {
        "orderbook before its snapshot": 1,
        "orderbook beside a deeper one": 1,
        "orderbook without levels": 1,
        "other streams": 1,
    }
    assert sum(tally.ignored.values()) + 3 + 3 == tally.lines
    assert screen.arguments()["single_depth_level"] == 50
    assert len(gzip.decompress(screen.copies[0].read_bytes()).splitlines()) == 4


def _changes(*numbers: int, snapshots: Sequence[int] = ()) -> list[dict[str, Any]]:
    """A snapshot 10, then messages with these ids, each 10 ms after the one before."""
    told = [_book("snapshot", 50, BIDS, ASKS, 10)]
    told += [_book("snapshot" if u in snapshots else "delta", 50, BIDS[:1], ASKS[:1], u) for u in numbers]
    for place, message in enumerate(told):
        message["ts"] = MS + 10 * place
    return told


def _screened(tmp_path: Path, told: Sequence[dict[str, Any]]) -> Bybit:
    screen = Bybit(tmp_path)
    screen.read([_raw(tmp_path / "day", told)])
    tally = screen.tally
    used = tally.diffs + tally.stale + tally.unused + tally.snapshots + tally.trades
    assert used + tally.quarantined + sum(tally.ignored.values()) == tally.lines
    return screen


def test_missing_update_ids_of_bybit_are_counted_and_the_book_is_unknown_until_a_snapshot(tmp_path) -> None:
    """11, 12, then 16: 13, 14 and 15 are missing; 17 cannot be used, and 25 begins anew at place 5."""
    screen = _screened(tmp_path, _changes(11, 12, 16, 17, 25, 26, snapshots=[25]))
    tally = screen.tally
    assert screen.sequenced
    # 18 to 24 never came either.
    assert tally.sequence_gaps == 3 + 7
    assert (tally.diffs, tally.unused, tally.stale, tally.snapshots) == (3, 2, 0, 2)
    # From the last sure change, 12 at 20 ms, to the receipt of the snapshot, 5 ms after its 50.
    assert screen.gaps_ns == (((MS + 20) * 10**6, (MS + 55) * 10**6),)
    assert len(gzip.decompress(screen.copies[0].read_bytes()).splitlines()) == 5


@pytest.mark.parametrize(
    ("numbers", "snapshots", "missing", "gaps", "stale"),
    [
        ((11, 12, 13), (), 0, 0, 0),
        ((11, 11, 10, 12), (), 0, 0, 2),
        ((11, 11, 12), (11,), 0, 0, 0),
        ((11, 12, 13), (12,), 0, 0, 0),
        ((11, 1, 2), (1,), 0, 1, 0),
        ((11, 20), (20,), 8, 1, 0),
        ((12,), (), 1, 1, 0),
    ],
    ids=[
        "in order",
        "repeated",
        "sent again",
        "one more",
        "the venue restarts",
        "connected again",
        "for good",
    ],
)
def test_a_snapshot_hides_nothing_unless_it_leaps(tmp_path, numbers, snapshots, missing, gaps, stale) -> None:
    told = _changes(*numbers, snapshots=snapshots)
    if numbers[:2] == (11, 11) and 11 in snapshots:
        told[1]["type"] = "delta"
    screen = _screened(tmp_path, told)
    tally = screen.tally
    assert (tally.sequence_gaps, len(screen.gaps_ns), tally.stale) == (missing, gaps, stale)
    assert not gaps or (screen.gaps_ns[-1][1] is None) is (not snapshots)


def test_bybit_without_update_ids_tells_of_no_gap(tmp_path: Path) -> None:
    told = _changes(11, 20)
    del told[1]["data"]["u"]
    screen = _screened(tmp_path, told)
    assert (screen.sequenced, screen.gaps_ns, screen.tally.sequence_gaps) == (False, (), 0)


@pytest.mark.parametrize("number", ["11", -1, 11.0, True, None, [], 2**70])
def test_an_update_id_that_is_none_makes_its_line_corrupt(tmp_path: Path, number: Any) -> None:
    told = _changes(11, 12)
    told[1]["data"]["u"] = number
    screen = _screened(tmp_path, told)
    # Then 11 never came.
    assert (screen.tally.quarantined, screen.tally.sequence_gaps) == (1, 1)


def test_bybit_without_a_snapshot_gives_no_book(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="none of its 1 lines gives a whole book"):
        ingest(_raw(tmp_path / "day", BYBIT[:1]))


def test_two_symbols_of_another_venue_are_refused(tmp_path: Path) -> None:
    other = json.loads(json.dumps(BYBIT[2]).replace("BTCUSDT", "ETHUSDT"))
    with pytest.raises(BadTape, match="bybit ETHUSDT in a recording of bybit BTCUSDT"):
        ingest(_raw(tmp_path / "day", [BYBIT[2], other]))


def test_hyperliquid_is_screened_and_its_tick_lot_and_depth_are_said(tmp_path: Path) -> None:
    def book(bid: str) -> dict[str, Any]:
        sides = [[{"px": bid, "sz": "80.29", "n": 2}], [{"px": "21.306", "sz": "223.2", "n": 2}]]
        return {"channel": "l2Book", "data": {"coin": "HYPE", "time": MS, "levels": sides}}

    trade = {"coin": "HYPE", "side": "B", "px": "21.306", "sz": "3.29", "time": MS}
    told = [book("21.277"), {"channel": "trades", "data": [trade]}, book("0"), book("21.278")]
    path = _raw(tmp_path / "day", told)
    assert form_of(path) is Form.HYPERLIQUID
    screen = Hyperliquid(tmp_path)
    screen.read([path])
    assert (screen.tally.snapshots, screen.tally.trades, screen.tally.quarantined) == (2, 1, 1)
    arguments = screen.arguments()
    assert (arguments["tick_size"], arguments["lot_size"], arguments["num_levels"]) == (0.001, 0.01, 1)
    assert (screen.venue, screen.symbol) == ("hyperliquid", "HYPE")


def _tardis(folder: Path) -> tuple[Path, Path]:
    head, us = "binance-futures,BTCUSDT", MS * 1000
    book = [
        BOOK,
        f"{head},{us - 9},{us + 4_000},false,bid,90.0,1",
        f"{head},{us},{us + 5_000},true,bid,100.0,1.5",
        f"{head},{us},{us + 5_000},true,ask,100.5,1",
        f"{head},{us + 20_000},{us + 25_000},false,ask,100.5,0",
        f"{head},{us + 20_000},{us + 25_000},false,ask,101.0,0.5",
        f"{head},{us + 20_000},{us + 25_000},false,ask,-1,0.5",
    ]
    trades = [TRADES, f"{head},{us + 10_000},{us + 15_000},1,buy,100.5,1"]
    paths = folder / "book.csv", folder / "trades.csv.gz"
    paths[0].write_text("\n".join(book))
    paths[1].write_bytes(gzip.compress("\n".join(trades).encode()))
    return paths


def test_tardis_files_of_one_instrument_are_screened_together(tmp_path: Path) -> None:
    paths = _tardis(tmp_path)
    assert [form_of(path) for path in paths] == [Form.TARDIS] * 2
    screen = Tardis(tmp_path)
    screen.read(paths)
    tally = screen.tally
    assert (tally.lines, tally.snapshots, tally.diffs, tally.trades, tally.unused) == (9, 2, 2, 1, 1)
    assert tally.quarantined_lines == ["book.csv:7"]
    assert [Path(name).name for name in screen.arguments()["input_files"]] == ["1.gz", "0.gz"]


def test_a_later_snapshot_of_tardis_is_a_gap_since_the_row_before_it(tmp_path: Path) -> None:
    book, trades = _tardis(tmp_path)
    head, us = "binance-futures,BTCUSDT", MS * 1000
    again = [f"{head},{us + 90_000},{us + 95_000},true,{side},1" for side in ("bid,100.0", "ask,101.0")]
    after = f"{head},{us + 99_000},{us + 99_500},false,ask,101.0,2"
    book.write_text("\n".join([book.read_text(), *again, after]))
    screen = Tardis(tmp_path)
    screen.read([book, trades])
    # The last row before it was of 20 ms.
    assert screen.gaps_ns == (((MS + 20) * 10**6, (MS + 95) * 10**6),)
    assert (screen.sequenced, screen.tally.sequence_gaps, screen.tally.snapshots) == (False, 0, 4)


def test_days_of_tardis_are_told_apart_by_their_names() -> None:
    names = [f"x_{kind}_2024-08-{day}_BTCUSDT.csv.gz" for day in ("09", "08") for kind in ("trades", "book")]
    groups = [[path.name for path in group] for group in by_day([Path(name) for name in names])]
    assert groups == [names[2:], names[:2]]
    assert by_day([Path("trades.csv"), Path("book.csv")]) == [[Path("trades.csv"), Path("book.csv")]]


def test_a_converted_tape_has_the_book_and_the_venue_and_nobody_prints(tmp_path: Path, capsys) -> None:
    """The only conversion here, because hftbacktest compiles for seconds."""
    pytest.importorskip("polars", reason="hftbacktest's converter for Tardis needs polars")
    tape, report = ingest(*_tardis(tmp_path))
    assert (report.venue, report.symbol, report.sequenced) == ("binance-usdm", "BTCUSDT", False)
    seen = touches(tape)
    assert (seen.ask * tape.instrument.tick).tolist() == [100.5, 101.0]
    assert (report.clock_shift_ns, report.least_latency_ns) == (0, 5_000_000)
    assert capsys.readouterr().out == ""
