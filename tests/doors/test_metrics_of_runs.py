"""`alphaloop metrics --run` and `--release`: the four layers of what the store keeps."""

import json

import pytest

from alphaloop.agents.keeping import contests, kept_sides, run_of
from alphaloop.market.ingest import save
from alphaloop.market.store.journals import journals_in, keep_journals
from alphaloop.market.store.reader import sources
from alphaloop.market.tape import Tape
from alphaloop.simulation.venue import tape_of
from alphaloop.wiring import desk_at, repository_store


@pytest.fixture
def turned(copied_desk, turned_desk):
    return copied_desk(turned_desk)


def _values(layers):
    return {metric["name"]: metric["value"] for metric in layers["metrics"]}


def test_a_tournament_that_was_kept_is_measured_beside_its_other_side(door, turned):
    head, base = sorted(
        contests(repository_store(turned), "tournament"), key=lambda side: run_of(side)["side"] == "base"
    )
    facts = json.loads(door(turned, "metrics", "--run", head.key[:12], "--json").out)
    assert facts["run"] == head.key
    assert facts["rests_on"].startswith("the candidate in the tournament of #1: ")
    assert facts["beside"]["rests_on"].startswith("main in the tournament of #1: ")
    for layers, side in ((facts, head), (facts["beside"], base)):
        journals = journals_in(repository_store(turned), side)
        filled = [journal.fills["lots"].sum() * journal.instrument.lot for journal in journals]
        assert _values(layers)["filled_volume"] == pytest.approx(sum(filled) / len(filled))
        assert _values(layers)["pnl"] is not None
    said = door(turned, "metrics", "--run", base.key)
    assert said.code == 0
    assert said.out.startswith("measured on main in the tournament of #1: ")
    assert "\nbeside the candidate in the tournament of #1: " in said.out
    heading = said.out.splitlines()[2]
    assert heading.split() == ["value", "beside", "target", "threshold", "status"]


def test_the_newest_release_is_measured_beside_its_shadow(door, turned):
    store = repository_store(turned)
    played = [journals_in(store, side) for side in contests(store, "tournament")]
    with desk_at(turned, lambda words: None) as desk:
        for entry in (4, 9):
            run = {"by": "canary", "change": entry, "entry": entry, "pairs": len(played[0])}
            kept_sides(desk, played[0], played[1], run)
    facts = json.loads(door(turned, "metrics", "--release", "--json").out)
    assert facts["rests_on"].startswith("the release in the canary of #9: ")
    assert facts["beside"]["rests_on"].startswith("its shadow in the canary of #9: ")


def test_a_side_whose_other_one_is_gone_stands_alone(door, turned):
    store = repository_store(turned)
    head = next(side for side in contests(store, "tournament") if run_of(side)["side"] == "head")
    other = next(side for side in contests(store, "tournament") if side.key != head.key)
    assert door(turned, "store", "--forget", other.key).code == 0
    assert "beside" not in json.loads(door(turned, "metrics", "--run", head.key, "--json").out)


def test_a_run_of_a_hostile_store_moves_no_cursor(door, turned):
    store = repository_store(turned)
    (journal, *_) = journals_in(store, sources(store, "journals")[0])
    said = {"by": "\x1b[2J", "side": "head\nhealth 100 of 100", "entry": 10**30}
    key = keep_journals(store, [journal], "simulated", said).key
    told = door(turned, "metrics", "--run", key)
    assert told.code == 0
    assert "\x1b" not in told.out
    assert "\nhealth 100 of 100" not in told.out.partition("measured on")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--release"], "no canary of a release is kept here"),
        (["--run", "zz"], "begins the key of 0 sources"),
        (["--run", ""], "begins the key of 3 sources"),
        (["--run", "zz", "--release"], "two things to measure"),
    ],
)
def test_what_is_not_kept_here_is_refused_in_words(door, turned, words, why):
    answer = door(turned, "metrics", *words)
    assert (answer.code, answer.out) == (2, "")
    assert why in answer.err


def test_a_tape_is_no_run(door, turned, venue_of, tmp_path):
    tape: Tape = tape_of(venue_of(turned), 1)
    save(tape, tmp_path / "tape.npz")
    key = json.loads(door(turned, "ingest", tmp_path / "tape.npz", "--json").out)["kept"]
    answer = door(turned, "metrics", "--run", key)
    assert answer.code == 2
    assert "is a tape, on which nobody played" in answer.err
