"""Pictures of episodes: nothing that is seen is lost or made up, and the same run is the same bytes."""

import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.doors.pictures import paper
from alphaloop.doors.pictures.delays import refusals
from alphaloop.doors.pictures.episode import drawn
from alphaloop.doors.pictures.quotes import best, resting
from alphaloop.doors.pictures.shown import Shown
from alphaloop.doors.pictures.thinning import bridged, changes, held, thinned
from alphaloop.errors import Misuse
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.journal import (
    CANCEL,
    FILL,
    FUNDING,
    MARK,
    MID,
    ORDER,
    REJECT,
    SUBMIT,
    Attribution,
    Journal,
)
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import make

REPOSITORY = Path(__file__).resolve().parents[2]
COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
SECOND = 1_000_000_000
SIGNATURES = {".svg": b"<?xml", ".png": b"\x89PNG", ".html": b"<!doctype html>"}


@pytest.fixture(scope="module")
def tape() -> Tape:
    return make(WorldSpec("book"), COARSE, 30.0, 3)


def _journal(tape: Tape, **changes: object) -> Journal:
    """Orders 1 and 2 at 11 s, 3 refused at 12 s; 1 is filled in two parts, 2 cancelled at 15 s."""
    start = tape.start_ns
    at = [start + second * SECOND for second in range(31)]
    orders = [
        (at[11], 1, SUBMIT, 1, 9990, 2000),
        (at[11], 2, SUBMIT, -1, 10010, 2000),
        (at[12], 3, SUBMIT, 1, 10050, 2000),
        (at[12] + 10_000_000, 3, REJECT, 1, 10050, 2000),
        (at[15], 2, CANCEL, -1, 10010, 2000),
    ]
    fills = [
        (1, at[13], at[13], 1, 9990, 500, 99.95, 99.95, 0.0),
        (1, at[14], at[14], 1, 9990, 1500, 99.95, 99.95, 0.0),
    ]
    marks = [(at[10], 99.95, 0, 1000.0), (at[13], 99.95, 500, 1000.0), (at[14], 99.95, 2000, 1000.1)]
    fields: dict[str, object] = {
        "instrument": COARSE,
        "capital": 1000.0,
        "gamma": 0.1,
        "sigma": 0.02,
        "max_position": 10.0,
        "start_ns": start,
        "end_ns": at[30],
        "fills": np.array(fills, FILL),
        "marks": np.array(marks, MARK),
        "mids": np.array([(start, 99.95)], MID),
        "attribution": Attribution(0.0, 0.0, 0.0, 0.0),
        "decisions": 3,
        "refusals": (),
        "tick_to_trade_ms": np.zeros(0),
        "breach": "",
        "fault": "",
        "digest": "sha256:0",
        "orders": np.array(orders, ORDER),
    }
    return Journal(**(fields | changes))


NOTHING = {
    "orders": np.zeros(0, ORDER),
    "fills": np.zeros(0, FILL),
    "marks": np.zeros(0, MARK),
    "mids": np.zeros(0, MID),
    "decisions": 0,
}


@pytest.mark.parametrize("name", ["picture.pdf", "picture", "picture.svg.gz", ".svg", "picture.SVG"])
def test_what_is_no_picture_is_refused_with_the_kinds_that_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=r"\.svg, \.png, \.html"):
        paper.refuse(tmp_path / name)


def test_places_that_cannot_be_written_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(Misuse, match="is a folder"):
        paper.refuse(tmp_path / "folder.svg")
    with pytest.raises(Misuse, match="there is no folder"):
        paper.refuse(tmp_path / "nowhere" / "a.svg")
    (tmp_path / "file").write_text("")
    with pytest.raises(Misuse, match="there is no folder"):
        paper.refuse(tmp_path / "file" / "a.svg")
    paper.refuse(tmp_path / "a.svg")
    # Root may write anywhere, so what the machine answers is said here.
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(Misuse, match="cannot be written to"):
        paper.refuse(tmp_path / "a.svg")


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_the_same_episode_is_the_same_bytes(suffix: str, tape: Tape, tmp_path: Path) -> None:
    stressed = SCENARIOS["disconnect"].apply(tape)
    shown = Shown("a <b> & c", _journal(tape), stressed, SCENARIOS["disconnect"].struck(tape))
    files = [tmp_path / f"{place}{suffix}" for place in range(2)]
    for file in files:
        paper.save(drawn(shown), file, shown.title)
    first, again = (file.read_bytes() for file in files)
    assert first == again
    assert first.startswith(SIGNATURES[suffix])
    assert b"a <b>" not in first
    assert not {b"2026", b"matplotlib.org"} & set(first.split())


def test_a_picture_names_what_it_shows_and_its_units(tape: Tape, tmp_path: Path) -> None:
    stressed = SCENARIOS["disconnect"].apply(SCENARIOS["funding_spike"].apply(tape))
    shown = Shown("cut off", _journal(tape), stressed, SCENARIOS["disconnect"].struck(tape))
    paper.save(drawn(shown), tmp_path / "a.svg", shown.title)
    drawing = ET.parse(tmp_path / "a.svg").getroot()
    said = " ".join(text.text or "" for text in drawing.iter("{http://www.w3.org/2000/svg}text"))
    for words in (
        "cut off",
        "our bid",
        "our ask",
        "bought",
        "sold",
        "scenario",
        "price, quote",
        "position, base",
        "equity − start",
        "funding, %",
        "market time since the start of the tape, s",
    ):
        assert words in said
    assert "nothing to draw" not in said


def test_an_episode_in_which_nothing_happened_is_drawn_as_such(tape: Tape, tmp_path: Path) -> None:
    quiet = _journal(tape, **NOTHING)
    paper.save(drawn(Shown("quiet", quiet, tape)), tmp_path / "a.svg", "quiet")
    # Position and equity; the price has a book.
    assert (tmp_path / "a.svg").read_text().count("nothing to draw") == 2


def test_a_game_is_drawn_too_and_an_early_end_is_told(tmp_path: Path) -> None:
    game = make(WorldSpec("avellaneda-stoikov"), Instrument("SYN", 1e-4, 0.001, 0.0, 0.0), 30.0, 3)
    ended = _journal(game, breach="drawdown of 0.2 of capital passed MAX_DRAWDOWN 0.1")
    paper.save(drawn(Shown("game", ended, game)), tmp_path / "a.svg", "game")
    assert "ended early: drawdown of 0.2" in (tmp_path / "a.svg").read_text()


def test_a_fault_with_markup_or_mathematics_in_it_is_only_text(tape: Tape, tmp_path: Path) -> None:
    hostile = _journal(tape, fault="strategy.py:3: $\\frac{1}{ <script>alert(1)</script> \x1b[31m \u202e")
    paper.save(drawn(Shown("a $x", hostile, tape)), tmp_path / "a.html", "a $x <script>")
    written = (tmp_path / "a.html").read_text()
    assert "<script>" not in written
    assert "\x1b" not in written


def test_a_settlement_is_marked_with_what_it_brought(tape: Tape, tmp_path: Path) -> None:
    stressed = SCENARIOS["funding_spike"].apply(tape)
    paid = np.array([(tape.start_ns + 20 * SECOND, 0.01, 100.0, -2.5)], FUNDING)
    paper.save(drawn(Shown("a", _journal(tape, funding=paid), stressed)), tmp_path / "a.svg", "a")
    assert "paid 2.5 quote" in (tmp_path / "a.svg").read_text()


def test_own_quotes_rest_from_their_arrival_to_their_end_and_a_refused_one_never(tape: Tape) -> None:
    at_once = replace(tape, latency=tape.latency[:0])
    orders = resting(_journal(tape), at_once)
    start = tape.start_ns
    assert [(one.side, one.ticks) for one in orders] == [(1, 9990), (-1, 10010)]
    assert [(one.begin_ns - start) / SECOND for one in orders] == [11, 11]
    # The bid ends with the fill of its last lot, the ask with its cancel.
    assert [(one.end_ns - start) / SECOND for one in orders] == [14, 15]
    times_ns, ticks = best(orders, 1)
    assert ((times_ns - start) / SECOND).tolist() == [11, 14]
    assert ticks[0] == 9990
    assert np.isnan(ticks[1])


def test_the_best_of_several_own_quotes_is_shown(tape: Tape) -> None:
    at = [tape.start_ns + second * SECOND for second in range(20)]
    orders = [
        (at[11], 1, SUBMIT, -1, 10010, 1),
        (at[12], 2, SUBMIT, -1, 10005, 1),
        (at[13], 3, SUBMIT, -1, 10020, 1),
        (at[14], 2, CANCEL, -1, 10005, 1),
        (at[15], 4, SUBMIT, 1, 9990, 1),
    ]
    journal = _journal(tape, orders=np.array(orders, ORDER), fills=np.zeros(0, FILL))
    _, ticks = best(resting(journal, replace(tape, latency=tape.latency[:0])), -1)
    assert ticks[:4].tolist() == [10010, 10005, 10005, 10010]


def test_a_message_is_under_way_as_long_as_the_tapes_trips_say(tape: Tape) -> None:
    slow = SCENARIOS["latency_spike"].apply(tape)
    start_ns, _ = SCENARIOS["latency_spike"].struck(tape)
    orders = np.array([(start_ns + SECOND, 1, SUBMIT, 1, 9990, 1)], ORDER)
    (one,) = resting(_journal(tape, orders=orders, fills=np.zeros(0, FILL)), slow)
    assert 0.5 < (one.begin_ns - start_ns - SECOND) / SECOND < 0.55


def test_the_spans_of_refusals_are_those_of_the_storm(tape: Tape) -> None:
    found = refusals(SCENARIOS["rate_limit_storm"].apply(tape, {"seconds": 6.0}))
    start_ns, end_ns = SCENARIOS["rate_limit_storm"].struck(tape, {"seconds": 6.0})
    # Two seconds of every three; the interval before a burst already refuses, one nanosecond long.
    assert [(begin - start_ns, end - start_ns) for begin, end in found] == [
        (-1, 2 * SECOND),
        (3 * SECOND - 1, 5 * SECOND),
    ]
    assert end_ns - start_ns == 6 * SECOND
    assert refusals(tape) == ()


NUMBERS = st.floats(-1e6, 1e6) | st.just(float("nan"))


@given(st.lists(st.tuples(st.integers(1, 50), NUMBERS), min_size=1, max_size=400), st.integers(1, 20))
def test_thinning_never_loses_an_extreme_nor_makes_up_a_point(
    steps: list[tuple[int, float]], columns: int
) -> None:
    times = np.cumsum([step for step, _ in steps]).astype(np.int64)
    values = np.array([value for _, value in steps])
    kept_times, kept = thinned(times, values, columns)
    assert (np.diff(kept_times) > 0).all()
    places = np.searchsorted(times, kept_times)
    assert (times[places] == kept_times).all()
    np.testing.assert_array_equal(values[places], kept)
    assert len(kept) <= max(2 * columns, 4 * columns)
    if not np.isnan(values).all():
        assert np.nanmin(kept) == np.nanmin(values)
        assert np.nanmax(kept) == np.nanmax(values)


def test_a_hole_that_is_too_narrow_to_be_seen_is_bridged_and_a_wide_one_is_not() -> None:
    times = np.array([0, 10, 11, 20, 40, 50], np.int64)
    values = np.array([1.0, np.nan, 2.0, np.nan, 3.0, 3.0])
    assert bridged(times, values, 5)[0].tolist() == [0, 11, 20, 40, 50]
    assert bridged(times, values, 30)[0].tolist() == [0, 11, 40, 50]


def test_a_value_that_stays_is_one_point_and_the_last_one_is_kept() -> None:
    times, values = changes(np.arange(6), np.array([1.0, 1.0, np.nan, np.nan, 2.0, 2.0]))
    assert times.tolist() == [0, 2, 4, 5]
    np.testing.assert_array_equal(values, [1.0, np.nan, 2.0, 2.0])


def test_a_value_is_held_over_a_long_stretch_and_not_drawn_as_a_slope() -> None:
    times, values = held(np.array([0, 100, 105], np.int64), np.array([1.0, 2.0, 3.0]), 10)
    assert times.tolist() == [0, 100, 100, 105]
    assert values.tolist() == [1.0, 1.0, 2.0, 3.0]


def test_every_scenario_has_its_picture_in_the_documentation_and_no_picture_is_left_over() -> None:
    pictures = {path.name: path for path in (REPOSITORY / "docs" / "pictures").glob("scenario-*.svg")}
    assert set(pictures) == {f"scenario-{name}.svg" for name in SCENARIOS}
    page = (REPOSITORY / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for name, path in pictures.items():
        assert f"(pictures/{name})" in page
        assert path.stat().st_size < 60_000
        assert ET.parse(path).getroot().tag.endswith("svg")
