"""Files that mean harm, or are just broken: a clear error or a counted quarantine, and bounded work."""

import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop.errors import BadTape
from alphaloop.market.ingest import files as bounded
from alphaloop.market.ingest import ingest, load, save
from alphaloop.market.ingest.files import line_blocks

BIDS, ASKS = [["100.0", "1.00"], ["99.5", "2.00"]], [["101.0", "1.25"], ["101.5", "2.00"]]
NAMES = (
    "recording",
    "BTCUSDT-trades-2024-08-08.csv",
    "BTCUSDT-bookTicker-2024-08-08.csv",
    "tape.npz",
    "x.gz",
)


@pytest.fixture
def sound(recorder) -> bytes:
    return _begun(recorder).text().encode()


def _begun(recorder):
    recorder.diff(0, (11, 20, 10)).diff(20, (21, 30, 20), bids=[["99.5", "3.00"]])
    recorder.snapshot(15, 25, BIDS, ASKS).trade(60, 100, "101.0", "0.50", sold=False)
    return recorder.diff(70, (31, 40, 30), asks=[["101.0", "0.75"]])


def _lines(path: Path) -> list[bytes]:
    return [line for _, lines in line_blocks(path) for line in lines]


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="is no regular file"):
        ingest(tmp_path)


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match="cannot be read"):
        ingest(tmp_path / ("x" * 300))


def test_a_line_of_a_gigabyte_is_quarantined_without_being_held(tmp_path: Path, sound: bytes) -> None:
    """Thirty-two MiB stand for the gigabyte: the memory must not grow with the line."""
    path = tmp_path / "recording"
    path.write_bytes(sound + b"7" * (32 << 20) + b"\n" + sound.splitlines()[-1])
    tracemalloc.start()
    report = ingest(path).report
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.quarantined, report.lines) == (1, 7)
    assert report.quarantined_lines == ("recording:6",)
    assert peak < 16 << 20


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch, packing: str) -> None:
    monkeypatch.setattr(bounded, "FREE_BYTES", 1 << 20)
    path = tmp_path / "bomb"
    zeros = bytes(32 << 20)
    if packing == "gzip":
        path.write_bytes(gzip.compress(zeros))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.csv", zeros)
    with pytest.raises(BadTape, match="more than 200 times its size"):
        ingest(path)


def test_a_file_of_mostly_corrupt_lines_is_given_up_early(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"\n" * 200_000)
    with pytest.raises(BadTape, match="half of its first 10000 lines are no messages"):
        ingest(path)


def test_an_npz_that_says_to_hold_more_than_it_does_takes_no_memory(tmp_path: Path) -> None:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (1 << 48,)})
    path = tmp_path / "tape.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.npy", head.getvalue())
    with pytest.raises(BadTape, match="says to hold more"):
        load(path)


@pytest.mark.parametrize("names", [(), ("a.csv", "b.csv")])
def test_an_archive_of_other_than_one_file_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = tmp_path / "BTCUSDT-trades-2024-08-08.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "1")
    if not names:
        path.write_bytes(b"PK\x03\x04" + path.read_bytes())
    with pytest.raises(BadTape, match="archive"):
        ingest(path)


def test_databentos_files_are_recognised_and_refused(tmp_path: Path) -> None:
    (tmp_path / "day.dbn").write_bytes(b"DBN\x02" + bytes(100))
    with pytest.raises(BadTape, match="Databento"):
        ingest(tmp_path / "day.dbn")


@given(
    st.lists(st.binary(max_size=40).filter(lambda part: b"\n" not in part)), st.booleans(), st.integers(1, 9)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_are_never_lost_and_never_joined(
    tmp_path: Path, monkeypatch, lines: list[bytes], packed: bool, block: int
) -> None:
    monkeypatch.setattr(bounded, "BLOCK_BYTES", block)
    path = tmp_path / "lines"
    text = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(text) if packed else b" " + text)
    wanted = lines if packed else [b" " + (lines[0] if lines else b""), *lines[1:]]
    assert _lines(path) == wanted


@given(st.binary(max_size=300), st.sampled_from(NAMES), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_ever_crash_it(tmp_path: Path, content: bytes, name: str, packed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if packed else content)
    _ingested_or_refused(path)


FIELDS = ["e", "E", "T", "U", "u", "pu", "b", "a", "s", "p", "q", "m", "t", "M", "X", "r", "i", "B", "A"]
TEXTS = st.sampled_from(["0", "1.5", "NaN", "BTCUSDT", "", "depthUpdate", "trade", "markPriceUpdate"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FIELDS, "stream", "data", "bids", "asks"]), inner)
    ),
    max_leaves=8,
)


@given(st.integers(0, 4), st.sampled_from(FIELDS), JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_any_field_ever_crashes_it(
    tmp_path: Path, recorder, line: int, field: str, value: object
) -> None:
    recorder.lines.clear()
    _begun(recorder)
    stamp, body = recorder.lines[line].split(" ", 1)
    message = json.loads(body)
    message.get("data", message)[field] = value
    recorder.lines[line] = f"{stamp} {json.dumps(message)}"
    path = tmp_path / "recording"
    path.write_text(recorder.text())
    _ingested_or_refused(path)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_sound_file_ever_crashes_it(tmp_path: Path, sound: bytes, data: st.DataObject) -> None:
    whole = bytearray(gzip.compress(sound) if data.draw(st.booleans()) else sound)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "recording"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    _ingested_or_refused(path)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_an_archive_ever_crashes_it(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "BTCUSDT-trades-2024-08-08.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BTCUSDT-trades-2024-08-08.csv", "7,100.5,0.5,50.25,1723075200000,true\n" * 3)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    _ingested_or_refused(path)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_tape_ever_crashes_it(tmp_path: Path, sound: bytes, data: st.DataObject) -> None:
    source = tmp_path / "recording"
    source.write_bytes(sound)
    path = tmp_path / "tape.npz"
    save(ingest(source).tape, path)
    if data.draw(st.booleans()):
        np.savez(path, data=load(path).events)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    _ingested_or_refused(path)


def _ingested_or_refused(path: Path) -> None:
    try:
        tape, report = ingest(path)
    except BadTape:
        return
    assert report.rows == len(tape.events) > 0
    assert tape.instrument.tick > 0
