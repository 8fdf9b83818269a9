"""`alphaloop init --tape` of a perpetual and its spot market: one market, with an index."""

import pytest

from alphaloop.doors.newborn import founded
from alphaloop.market.ingest import load
from alphaloop.market.store.reader import sources
from alphaloop.market.worlds import make
from alphaloop.rules.constitution.market import market
from alphaloop.wiring import repository_store, repository_tapes

USDM, SPOT = "binance_usdm_btcusdt_20240808.gz", "binance_spot_btcusdt_20240808.gz"


@pytest.fixture(scope="session")
def founded_desk(tapes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("perpetual") / "desk"
    founded(folder, (tapes / SPOT, tapes / USDM), None, "ann", lambda words: None)
    return folder


def test_the_perpetual_is_traded_and_its_spot_market_is_its_index(founded_desk):
    found = market((founded_desk / "market.yaml").read_bytes())
    assert [pin.partition("@")[0] for pin in found.tapes] == ["binance_usdm_btcusdt_20240808.npz"]
    (path,) = repository_tapes(founded_desk).iterdir()
    tape = load(path)
    assert found.tapes == (f"{path.name}@{tape.digest()}",)
    assert (found.instrument.tick, tape.instrument.tick, tape.venue) == (0.1, 0.1, "binance-usdm")
    index = tape.channel("index")
    assert index is not None
    assert 50_000 < index.values.min() < index.values.max() < 70_000
    kept = {source.venue: source.facts for source in sources(repository_store(founded_desk), "tape")}
    assert set(kept) == {"binance-usdm", "binance-spot"}
    assert kept["binance-usdm"]["report"]["basis"]["mean"] == pytest.approx(-22.76, abs=0.01)


def test_the_world_has_the_basis_of_the_recording(founded_desk):
    found = market((founded_desk / "market.yaml").read_bytes())
    params = dict(found.world.params)
    # The report's deviation, weighted by time, is 3.80 at a price of about 61,600: 0.62 bps.
    assert params["basis_bps"] == pytest.approx(0.62, abs=0.1)
    assert 0.1 < params["basis_half_life_s"] < 10
    assert "funding_bps" not in params
    assert make(found.world, found.instrument, found.episode_s, 1).channel("index") is not None


def test_two_recordings_of_the_same_time_found_nothing(door, tapes, tmp_path):
    (tmp_path / "copy.gz").write_bytes((tapes / USDM).read_bytes())
    words = ["--tape", tapes / USDM, "--tape", tmp_path / "copy.gz"]
    answer = door(tmp_path, "init", "desk", "--human", "ann", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "at the same time; leave one out" in answer.err
    assert not (tmp_path / "desk").exists()
