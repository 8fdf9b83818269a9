"""`alphaloop store`: what is kept, asked and taken out by hand."""

import json
from dataclasses import replace

import pytest

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import load, save
from alphaloop.market.store.tapes import keep_tape
from alphaloop.market.worlds import make
from alphaloop.wiring import repository_store, repository_tapes

WORLD = replace(
    make(WorldSpec("book"), Instrument("BTCUSDT", 0.01, 0.001, 2.0, 5.0), 30.0, 1), venue="binance-usdm"
)


@pytest.fixture
def desk(null, copied):
    return copied(null)


@pytest.fixture
def full(desk):
    key = keep_tape(
        repository_store(desk), replace(WORLD, gaps_ns=((WORLD.start_ns, WORLD.start_ns + 10**9),))
    ).key
    return desk, key


def test_an_empty_store_says_what_to_do(door, desk):
    answer = door(desk, "store")
    assert (answer.code, answer.err) == (0, "")
    assert "nothing is kept here yet: `alphaloop ingest FILE`" in answer.out
    told = json.loads(door(desk, "store", "--json").out)
    assert (told["holdings"], told["entries"], told["bytes"]) == ([], [], 0)
    assert not repository_store(desk).exists()


def test_it_tells_rows_span_gaps_and_size(door, full):
    folder, key = full
    said = door(folder, "store").out
    trades = next(line for line in said.splitlines() if " trades " in line)
    assert trades.split()[:4] == ["binance-usdm", "BTCUSDT", "2023-11-14", "trades"]
    source = next(line for line in said.splitlines() if line.startswith(key[:12]))
    assert "BTCUSDT on binance-usdm" in source
    assert "1 (1.0 s)" in source
    told = json.loads(door(folder, "store", "--json").out)
    assert sum(held["rows"] for held in told["holdings"]) == told["entries"][0]["rows"]
    assert told["entries"][0]["key"] == key
    on_disk = sum(path.stat().st_size for path in repository_store(folder).rglob("rows.parquet"))
    assert told["bytes"] == on_disk


def test_it_answers_sql_as_a_table_and_as_json(door, full):
    folder, _ = full
    asked = "SELECT symbol, count(*) AS n FROM trades GROUP BY symbol"
    rows = json.loads(door(folder, "store", "--sql", asked, "--json").out)
    assert rows["columns"] == ["symbol", "n"]
    said = door(folder, "store", "--sql", asked).out.splitlines()
    assert (said[0].split(), said[2].split()[0], said[-1]) == (["symbol", "n"], "BTCUSDT", "1 row")
    more = door(folder, "store", "--sql", "SELECT 1 FROM trades", "--rows", "2").out
    assert more.endswith("2 rows, and there are more: `--rows N` shows more of them\n")
    refused = door(folder, "store", "--sql", "DROP VIEW trades")
    assert (refused.code, refused.out) == (2, "")
    assert "it must be one SELECT" in refused.err


def test_a_pinned_tape_is_an_export_of_the_store(door, full):
    folder, key = full
    told = json.loads(door(folder, "store", "--export", key[:12], "--as", "mine.npz", "--json").out)
    name, _, digest = told["pin"].partition("@")
    assert load(repository_tapes(folder) / name).digest() == digest
    assert door(folder, "store", "--export", key, "--as", "../up.npz").code == 2
    assert door(folder, "store", "--export", "0000").code == 2


def test_a_source_is_forgotten_only_by_its_name(door, full):
    folder, key = full
    assert door(folder, "store", "--forget", "zz").code == 2
    assert door(folder, "store", "--forget", key, "--sql", "SELECT 1").code == 2
    assert door(folder, "store", "--forget", key).code == 0
    assert "nothing is kept here yet" in door(folder, "store").out


def test_what_is_ingested_and_simulated_is_kept_once(door, desk, tmp_path):
    save(WORLD, tmp_path / "tape.npz")
    for _ in range(2):
        told = json.loads(door(desk, "ingest", tmp_path / "tape.npz", "--json").out)
        assert door(desk, "simulate", "--json").code == 0
    entries = json.loads(door(desk, "store", "--json").out)["entries"]
    assert sorted(entry["what"] for entry in entries) == ["journals", "tape"]
    assert told["kept"] in {entry["key"] for entry in entries}
    assert (
        json.loads(door(desk, "store", "--sql", "SELECT count(*) FROM orders", "--json").out)["rows"][0][0]
        > 0
    )


def test_a_newer_store_is_refused_in_words(door, desk):
    (repository_store(desk) / "v99").mkdir(parents=True)
    answer = door(desk, "store")
    assert (answer.code, answer.out) == (2, "")
    assert "was written by a newer AlphaLoop (version 99" in answer.err
