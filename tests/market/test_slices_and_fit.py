"""Cutting tapes into episodes, and worlds that look like a tape."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import slices
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import touches
from alphaloop.market.worlds import fit, make

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
SECOND = 1_000_000_000


def _tape(seconds=100.0, **params):
    return make(WorldSpec("book", tuple(params.items())), COARSE, seconds, 4)


def test_slices_follow_one_another_and_each_knows_the_book() -> None:
    tape = _tape()
    parts = slices(tape, 30.0)
    assert len(parts) == 3
    whole = touches(tape)
    for place, part in enumerate(parts):
        refuse_disorder(part.events, part.name)
        assert part.start_ns == tape.start_ns + place * 30 * SECOND
        seen = touches(part)
        at = np.searchsorted(whole.times_ns, seen.times_ns, side="right") - 1
        assert (seen.bid == whole.bid[at]).all()
        assert (seen.ask == whole.ask[at]).all()


def test_no_slice_touches_a_gap() -> None:
    tape = _tape()
    gap = (tape.start_ns + 35 * SECOND, tape.start_ns + 41 * SECOND)
    parts = slices(replace(tape, gaps_ns=(gap,)), 20.0)
    spans = [(part.start_ns, int(part.events["exch_ts"].max())) for part in parts]
    assert [round((start - tape.start_ns) / SECOND) for start, _ in spans] == [0, 41, 61]
    assert all(end <= gap[0] or start >= gap[1] for start, end in spans)
    assert [part.gaps_ns for part in parts] == [()] * 3


def test_a_tape_that_is_too_short_has_no_slices() -> None:
    assert slices(_tape(20.0), 30.0) == []


@pytest.mark.parametrize("length", [0.0, -1.0, float("nan")])
def test_a_slice_has_a_length(length: float) -> None:
    with pytest.raises(BadConfiguration, match="episode_s"):
        slices(_tape(20.0), length)


def test_a_game_cannot_be_cut() -> None:
    with pytest.raises(BadConfiguration, match="shorter game"):
        slices(make(WorldSpec("null"), COARSE, 60.0, 1), 30.0)


def test_a_slice_keeps_only_its_own_latency() -> None:
    tape = _tape()
    part = slices(tape, 30.0)[1]
    assert part.latency["req_ts"].min() <= part.start_ns
    assert part.latency["req_ts"].max() >= part.start_ns + 30 * SECOND
    assert len(part.latency) < len(tape.latency) / 2


def test_a_fit_finds_what_the_world_was_made_with() -> None:
    found = dict(fit(_tape(600.0, sigma=0.05, spread=6.0, trades=4.0, size=1.0, tail=1.0, depth=3.0)).params)
    assert found["sigma"] == pytest.approx(0.05, rel=0.15)
    assert found["spread"] == pytest.approx(6.0, abs=1.0)
    assert found["trades"] == pytest.approx(4.0, rel=0.1)
    assert found["size"] == pytest.approx(1.0, rel=0.15)
    assert found["depth"] == pytest.approx(3.0, rel=0.3)
    assert found["price"] == pytest.approx(100.0, abs=5.0)


def test_a_fit_can_be_made_into_a_tape() -> None:
    assert len(make(fit(_tape()), COARSE, 30.0, 1).events) > 100


def test_too_short_or_dead_a_tape_cannot_be_fitted() -> None:
    with pytest.raises(BadTape, match="give 30 s or more"):
        fit(_tape(20.0))
    with pytest.raises(BadTape, match="livelier"):
        fit(make(WorldSpec("null"), COARSE, 60.0, 1))
