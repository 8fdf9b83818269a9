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
from alphaloop.market.ingest.tardis import BOOK, TRADES, Tardis
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


def _book(kind: str, depth: int, bids: Any, asks: Any) -> dict[str, Any]:
    fields = {"s": "BTCUSDT", "b": bids, "a": asks, "u": 1, "seq": 1}
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
    _book("delta", 50, [], []),
    _book("delta", 50, [["100.0", "0"]], [["100.5", "0.5"]]),
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


def test_a_converted_tape_has_the_book_and_the_venue_and_nobody_prints(tmp_path: Path, capsys) -> None:
    """The only conversion here, because hftbacktest compiles for seconds."""
    pytest.importorskip("polars", reason="hftbacktest's converter for Tardis needs polars")
    tape, report = ingest(*_tardis(tmp_path))
    assert (report.venue, report.symbol, report.sequenced) == ("binance-usdm", "BTCUSDT", False)
    seen = touches(tape)
    assert (seen.ask * tape.instrument.tick).tolist() == [100.5, 101.0]
    assert (report.clock_shift_ns, report.least_latency_ns) == (0, 5_000_000)
    assert capsys.readouterr().out == ""
