"""Binance's public dumps: every column layout, alone and together."""

import gzip
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alphaloop.errors import BadTape
from alphaloop.market.ingest import ingest, market_of, slices
from alphaloop.market.replay import touches
from alphaloop.market.tape import BUY, DEPTH, KIND_MASK, SELL, TRADE

MS = 1_723_075_200_000
HEADERS = {
    "trades": "id,price,qty,quote_qty,time,is_buyer_maker",
    "aggTrades": "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker",
    "bookTicker": "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,"
    "transaction_time,event_time",
}
ROWS = {
    ("usdm", "trades"): [f"7,100.5,0.5,50.25,{MS},true", f"8,101.0,0.25,25.25,{MS + 30},false"],
    ("spot", "trades"): [
        f"7,100.50000000,0.50000000,50.25000000,{MS},True,True",
        f"8,101.00000000,0.25000000,25.25000000,{MS + 30},False,True",
    ],
    ("usdm", "aggTrades"): [f"7,100.5,0.5,20,21,{MS},true", f"8,101.0,0.25,22,22,{MS + 30},false"],
    ("spot", "aggTrades"): [
        f"7,100.50000000,0.50000000,20,21,{MS},True,True",
        f"8,101.00000000,0.25000000,22,22,{MS + 30},False,True",
    ],
    ("usdm", "bookTicker"): [
        f"3,100.5,2.0,101.0,1.5,{MS - 10},{MS - 8}",
        f"5,100.5,1.5,101.0,1.5,{MS},{MS + 2}",
        f"9,100.0,4.0,101.0,1.25,{MS + 30},{MS + 33}",
    ],
}


def _plain(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _gzip(path: Path, text: str) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(text.encode()))
    return packed


def _zip(path: Path, text: str) -> Path:
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path.name, text)
    return packed


def _dump(folder: Path, kind: str, rows: Sequence[str], *, header: bool = False, write=_plain) -> Path:
    lines = [HEADERS[kind], *rows] if header else rows
    return write(folder / f"BTCUSDT-{kind}-2024-08-08.csv", "".join(f"{line}\n" for line in lines))


# The venue's spot dumps have no header.
LAYOUTS = [(*key, header) for key in ROWS if key[1] != "bookTicker" for header in {False, key[0] == "usdm"}]


@pytest.mark.parametrize("write", [_plain, _gzip, _zip])
@pytest.mark.parametrize(("market", "kind", "header"), LAYOUTS)
def test_trades_of_every_layout_are_the_same_trades(
    tmp_path: Path, market: str, kind: str, header: bool, write: Callable[[Path, str], Path]
) -> None:
    tape, report = ingest(_dump(tmp_path, kind, ROWS[market, kind], header=header, write=write))
    assert (report.venue, report.symbol, report.book) == (f"binance-{market}", "BTCUSDT", "none")
    assert (tape.events["px"].tolist(), tape.events["qty"].tolist()) == ([100.5, 101.0], [0.5, 0.25])
    assert [bool(ev & SELL) for ev in tape.events["ev"].tolist()] == [True, False]
    assert [bool(ev & BUY) for ev in tape.events["ev"].tolist()] == [False, True]
    assert tape.events["exch_ts"].tolist() == [MS * 10**6, (MS + 30) * 10**6]
    assert (report.trades, report.lines, report.ignored) == (2, 2 + header, int(header))


def test_microseconds_are_read_as_such(tmp_path: Path) -> None:
    first, second = ROWS["spot", "trades"]
    rows = [first.replace(str(MS), f"{MS}123"), second.replace(str(MS + 30), f"{MS + 30}456")]
    tape, _ = ingest(_dump(tmp_path, "trades", rows))
    assert tape.events["exch_ts"].tolist() == [(MS * 1000 + 123) * 1000, ((MS + 30) * 1000 + 456) * 1000]


def test_tickers_give_a_one_level_book_and_receipt_is_assumed(tmp_path: Path) -> None:
    tape, report = ingest(_dump(tmp_path, "bookTicker", ROWS["usdm", "bookTicker"], header=True))
    seen = touches(tape)
    assert (seen.bid * tape.instrument.tick).tolist() == [100.5, 100.5, 100.0]
    assert (seen.ask_lots * tape.instrument.lot).tolist() == [1.5, 1.5, 1.25]
    assert (report.book, report.touches, report.clocked, report.clock_shift_ns) == ("touch", 3, False, 0)
    # The venue sent the first 2 ms after it happened, and our assumption adds one.
    assert int(tape.events["local_ts"][0] - tape.events["exch_ts"][0]) == 3_000_000


def test_rows_of_a_ticker_dump_that_are_not_in_order_are_sorted_and_counted(tmp_path: Path) -> None:
    rows = ROWS["usdm", "bookTicker"]
    sound = ingest(_dump(tmp_path, "bookTicker", rows)).tape.digest()
    tape, report = ingest(_dump(tmp_path, "bookTicker", [rows[0], rows[2], rows[1], rows[2]]))
    assert tape.digest() == sound
    assert (report.out_of_order, report.duplicates, report.touches) == (1, 1, 3)


@pytest.mark.parametrize("kind", ["trades", "aggTrades"])
def test_trades_and_tickers_of_one_symbol_are_one_tape_that_can_be_cut(tmp_path: Path, kind: str) -> None:
    book = _dump(tmp_path, "bookTicker", ROWS["usdm", "bookTicker"], header=True)
    trades = _dump(tmp_path, kind, ROWS["usdm", kind], write=_zip)
    ((tape, report),) = market_of([trades, book])
    assert (report.trades, report.touches, report.book) == (2, 3, "touch")
    # The trade comes before what it did to the touch, although both have one time.
    at_once = tape.events[tape.events["exch_ts"] == MS * 10**6]
    assert (at_once["ev"] & KIND_MASK).tolist() == [TRADE, DEPTH]
    assert len(slices(tape, 0.02)) == 2


def test_trades_before_the_first_touch_are_left_out_and_counted(tmp_path: Path) -> None:
    book = _dump(tmp_path, "bookTicker", ROWS["usdm", "bookTicker"][2:])
    _, report = ingest(book, _dump(tmp_path, "trades", ROWS["usdm", "trades"]))
    assert (report.trades, report.by_kind) == (1, {"trade before the book": 1})


def test_trades_and_their_aggregates_together_are_refused(tmp_path: Path) -> None:
    files = [_dump(tmp_path, kind, ROWS["usdm", kind]) for kind in ("trades", "aggTrades")]
    with pytest.raises(BadTape, match="tell of the same BTCUSDT"):
        market_of(files)


def test_dumps_of_two_symbols_are_no_one_market(tmp_path: Path) -> None:
    book = _dump(tmp_path, "bookTicker", ROWS["usdm", "bookTicker"])
    other = _dump(tmp_path, "trades", ROWS["usdm", "trades"])
    with pytest.raises(BadTape, match="no one market"):
        market_of([book, other.rename(tmp_path / "ETHUSDT-trades-2024-08-08.csv")])


def _days(tmp_path: Path, kind: str, *days: int) -> list[Path]:
    """The same rows so many days later, under the venue's names."""
    made, folder = [], tmp_path / "one"
    folder.mkdir(exist_ok=True)
    for day in days:
        rows = [_later(row, day) for row in ROWS["usdm", kind]]
        path = _dump(folder, kind, rows, header=True)
        made.append(path.rename(tmp_path / f"BTCUSDT-{kind}-2024-08-{8 + day:02}.csv"))
    return made


def _later(row: str, days: int) -> str:
    first, *fields = row.split(",")
    moved = [str(int(f) + days * 86_400_000) if f.isdigit() and len(f) == 13 else f for f in fields]
    return ",".join([str(int(first) + 1_000 * days), *moved])


def test_days_of_dumps_are_tapes_of_a_day_each_in_order_of_time(tmp_path: Path) -> None:
    trades, book = _days(tmp_path, "trades", 2, 0, 1), _days(tmp_path, "bookTicker", 0, 1)
    found = market_of([*trades, *book])
    assert [tape.name for tape, _ in found] == [
        f"BTCUSDT-trades-2024-08-{day}.csv" for day in ("08", "09", "10")
    ]
    assert [report.book for _, report in found] == ["touch", "touch", "none"]
    assert found[1].tape.start_ns - found[0].tape.start_ns == 86_400 * 10**9
    assert ingest(*trades, *book).tape.digest() == found[0].tape.digest()


def test_a_month_takes_its_days_in(tmp_path: Path) -> None:
    (trades,) = _days(tmp_path, "trades", 0)
    month = trades.rename(tmp_path / "BTCUSDT-trades-2024-08.csv")
    ((_, report),) = market_of([month, *_days(tmp_path, "bookTicker", 0, 1)])
    assert (report.trades, report.touches) == (2, 6)
    with pytest.raises(BadTape, match="tell of the same BTCUSDT on 2024-08-08"):
        market_of([month, *_days(tmp_path, "trades", 0)])


@pytest.mark.parametrize("name", ["day.csv", "BTCUSDT-aggTrades-2024-08-08.csv", "BTCUSDT-trades.csv"])
def test_a_dump_whose_name_does_not_say_its_symbol_is_refused(tmp_path: Path, name: str) -> None:
    path = _dump(tmp_path, "trades", ROWS["usdm", "trades"]).rename(tmp_path / name)
    with pytest.raises(BadTape, match="only its name can say"):
        ingest(path)


def test_a_coin_margined_dump_is_refused(tmp_path: Path) -> None:
    path = _dump(tmp_path, "trades", ROWS["usdm", "trades"])
    with pytest.raises(BadTape, match="inverse"):
        ingest(path.rename(tmp_path / "BTCUSD_PERP-trades-2024-08-08.csv"))


@pytest.mark.parametrize(
    "row",
    [
        "",
        "9,0,1.0,1.0,%d,true",
        "9,-1.0,1.0,1.0,%d,true",
        "9,NaN,1.0,1.0,%d,true",
        "9,1e5,1.0,1.0,%d,true",
        "9,100.5,0.0,1.0,%d,true",
        "9,99999999999999999,1.0,1.0,%d,true",
        "9,100.5,1.0,1.0,9999999999999,true",
        "9,100.5,1.0,1.0,%d,maybe",
        "9,100.5,1.0,1.0,%d,true,true",
        "\u0669,100.5,1.0,1.0,%d,true",
        "id,price,qty,quote_qty,time,is_buyer_maker",
    ],
)
def test_a_row_that_is_none_is_quarantined_with_its_number(tmp_path: Path, row: str) -> None:
    rows = [*ROWS["usdm", "trades"], row.replace("%d", str(MS + 40))]
    _, report = ingest(_dump(tmp_path, "trades", rows))
    assert (report.trades, report.quarantined) == (2, 1)
    assert report.quarantined_lines == ("BTCUSDT-trades-2024-08-08.csv:3",)


def test_a_dump_without_a_sound_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="no row of 2 lines can be used"):
        ingest(_dump(tmp_path, "trades", ["x"], header=True))
