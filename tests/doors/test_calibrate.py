"""`alphaloop calibrate` at the door: numbers, a picture, a section for market.yaml, and refusals."""

import json
from dataclasses import replace

import pytest

from alphaloop.doors.newborn import shipped_files
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.calibration.figures import UNITS
from alphaloop.market.ingest import save
from alphaloop.market.worlds import fit, make
from alphaloop.rules.constitution.market import market

DONE, REFUSED, MISUSED, BROKEN = range(4)
COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)


@pytest.fixture(scope="module")
def tape():
    made = make(WorldSpec("book", (("trades", 6.0),)), COARSE, 90.0, 9)
    return replace(made, name="monday.npz", sigma=None)


@pytest.fixture
def folder(tape, tmp_path):
    save(tape, tmp_path / "monday.npz")
    return tmp_path


def test_it_prints_every_figure_a_sentence_and_the_world_that_init_would_fit(door, folder, tape):
    answer = door(folder, "calibrate", "monday.npz")
    assert answer.code == DONE
    assert all(f"\n  {name} " in answer.out for name in UNITS)
    assert "figures lie within 2 standard errors" in answer.out
    section = answer.out[answer.out.index("world:") :]
    text = shipped_files()["market.yaml"].decode()
    begin, end = text.index("world:"), text.index("\ntapes:")
    read = market((text[:begin] + section + text[end:]).encode()).world
    assert read == replace(fit(tape), params=tuple(sorted(fit(tape).params)))


def test_json_is_the_same_as_one_object(door, folder, tape):
    answer = door(folder, "calibrate", "monday.npz", "--world", "book", "--json")
    facts = json.loads(answer.out)
    assert facts["world"]["name"] == "book"
    assert facts["world"]["params"] == dict(fit(tape, "book").params)
    assert [match["name"] for match in facts["matches"]] == list(UNITS)
    assert (facts["tapes"], facts["seconds"]) == (20, 89.0)
    assert "figures lie within" in facts["summary"]


def test_the_recording_itself_in_another_order_is_a_world_too(door, folder, tape):
    facts = json.loads(door(folder, "calibrate", "monday.npz", "--world", "bootstrap", "--json").out)
    assert facts["world"] == {"name": "bootstrap", "params": {}, "tape": f"monday.npz@{tape.digest()}"}
    assert "conditional on this tape" in facts["summary"]


@pytest.mark.parametrize("suffix", ["svg", "png", "html"])
def test_the_picture_is_one_page_and_small(door, folder, suffix):
    answer = door(folder, "calibrate", "monday.npz", "--world", "book", "--plot", f"seen.{suffix}")
    assert answer.code == DONE
    drawn = (folder / f"seen.{suffix}").read_bytes()
    assert 10_000 < len(drawn) < 150_000


@pytest.mark.parametrize(
    ("words", "needles"),
    [
        (["monday.npz", "--world", "regime"], "did you mean 'regimes'?"),
        (["monday.npz", "--world", "null"], "choose one of regimes, book, bootstrap"),
        (["monday.npz", "--plot", "seen.gif"], "let it end in .svg, .png, .html"),
        (["monday.npz", "--plot", "nowhere/seen.svg"], "there is no folder nowhere"),
        (["tuesday.npz"], "tuesday.npz"),
        (["tuesday.gz"], "tuesday.gz"),
        (["broken.npz"], "broken.npz"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_nothing_is_drawn(door, folder, words, needles):
    (folder / "broken.npz").write_bytes(b"PK\x03\x04 this is no archive")
    answer = door(folder, "calibrate", *words)
    assert (answer.code, answer.out) == (MISUSED, "")
    assert needles in answer.err
    assert sorted(path.name for path in folder.iterdir()) == ["broken.npz", "monday.npz"]


def test_a_tape_of_half_a_minute_or_without_a_book_is_refused(door, tmp_path):
    save(make(WorldSpec("book"), COARSE, 20.0, 1), tmp_path / "short.npz")
    save(make(WorldSpec("null"), COARSE, 60.0, 1), tmp_path / "game.npz")
    assert "give 30 s or more" in door(tmp_path, "calibrate", "short.npz").err
    assert "record a livelier market" in door(tmp_path, "calibrate", "game.npz").err


def test_in_a_repository_a_world_of_a_recording_must_name_it(door, quiet_desk):
    answer = door(quiet_desk, "simulate", "--world", "bootstrap")
    assert answer.code == MISUSED
    assert "is made of a recorded tape: name it there" in answer.err
