"""Tapes as files: whole, or an error that says which file and what to do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import load, save
from alphaloop.market.tape import Channel, Tape
from alphaloop.market.worlds import make

COARSE = Instrument("SYN", 0.01, 0.001, 1.0, 2.0, fees_assumed=True)


def _tape(world: str = "book") -> Tape:
    mark = Channel("mark", np.array([1, 2], np.int64), np.array([100.0, 100.5]))
    made = make(WorldSpec(world), COARSE, 20.0, 1)
    return replace(made, channels=(mark,), gaps_ns=((5, 9),), sequence_gaps=4, clock_shift_ns=-3, venue="x")


@pytest.mark.parametrize("world", ["book", "null"])
def test_a_tape_comes_back_as_it_was(tmp_path: Path, world: str) -> None:
    path = tmp_path / "tape.npz"
    tape = _tape(world)
    save(tape, path)
    back = load(path)
    assert back.digest() == tape.digest()
    fields = ("name", "instrument", "gaps_ns", "sequence_gaps", "clock_shift_ns", "sigma", "venue")
    assert [getattr(back, field) for field in fields] == [getattr(tape, field) for field in fields]
    assert [path] == list(tmp_path.iterdir())


def test_a_file_cut_short_is_no_tape(tmp_path: Path) -> None:
    path = tmp_path / "tape.npz"
    save(_tape(), path)
    whole = path.read_bytes()
    for keep in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:keep])
        with pytest.raises(BadTape, match=r"tape\.npz"):
            load(path)


def test_a_byte_that_was_altered_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "tape.npz"
    save(_tape(), path)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 0xFF
    path.write_bytes(bytes(whole))
    with pytest.raises(BadTape, match=r"tape\.npz"):
        load(path)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "tape.npz"
    np.savez(path, events=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(BadTape, match=r"tape\.npz"):
        load(path)


def test_a_missing_file_and_a_missing_folder_are_bad_tapes(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="cannot be read"):
        load(tmp_path / "nowhere.npz")
    with pytest.raises(BadTape, match="cannot be written"):
        save(_tape(), tmp_path / "nowhere" / "tape.npz")


def test_a_failed_write_leaves_the_old_tape(tmp_path: Path) -> None:
    path = tmp_path / "tape.npz"
    save(_tape(), path)
    before = path.read_bytes()
    broken = replace(_tape(), sigma=float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        save(broken, path)
    assert path.read_bytes() == before
    assert [path] == list(tmp_path.iterdir())


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    tape = _tape()
    path = tmp_path / "tape.npz"
    save(replace(tape, events=tape.events[::-1].copy()), path)
    with pytest.raises(BadTape, match="runs backwards"):
        load(path)


def test_hftbacktests_own_files_load_when_the_instrument_is_given(tmp_path: Path) -> None:
    path = tmp_path / "foreign.npz"
    tape = _tape()
    np.savez_compressed(path, data=tape.events)
    with pytest.raises(BadTape, match="tick, lot and fees"):
        load(path)
    back = load(path, COARSE)
    assert (back.events == tape.events).all()
    assert len(back.latency) > 0
    assert (back.latency["resp_ts"] > back.latency["exch_ts"]).all()
