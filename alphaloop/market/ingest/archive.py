"""Tapes as files: numpy's .npz without pickle, written whole or not at all."""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.clock import order_latency
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.tape import EVENT, Channel, Lottery, Tape

FORMAT = "alphaloop tape 1"
Arrays = Mapping[str, NDArray[Any]]


def save(tape: Tape, path: Path) -> None:
    """Write `tape` to `path` (.npz); whoever reads at the same time finds the old file or the new one.

    Raises BadTape when the folder cannot be written to.
    """
    arrays: dict[str, NDArray[Any]] = {
        "events": tape.events,
        "latency": tape.latency,
        "about": np.array(_about(tape)),
    }
    for place, channel in enumerate(tape.channels):
        arrays |= {f"times_{place}": channel.times_ns, f"values_{place}": channel.values}
    if tape.lottery is not None:
        arrays["draws"] = tape.lottery.draws
    try:
        _write(arrays, path)
    except OSError as fault:
        raise BadTape(
            f"{path}: the tape cannot be written ({fault.strerror or fault}); name another folder"
        ) from fault


def load(path: Path, instrument: Instrument | None = None) -> Tape:
    """The tape in `path`: ours, or hftbacktest's (an array `data`) if `instrument` says what it is of.

    hftbacktest's files hold no order latency; it is then made from the feed's.  Raises BadTape for everything
    that is not a whole tape in order on both clocks.
    """
    try:
        with path.open("rb") as stream, _archive(stream) as archive:
            arrays = {name: archive[name] for name in archive.files}
        tape = _foreign(arrays, path, instrument) if "data" in arrays else _own(arrays)
    except OSError as fault:
        raise BadTape(f"{path}: cannot be read ({fault.strerror or fault}); name a tape") from fault
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as fault:
        raise BadTape(f"{path}: is no whole tape ({fault}); make it again with `alphaloop ingest`") from fault
    refuse_disorder(tape.events, tape.name)
    return tape


def _archive(stream: IO[bytes]) -> NpzFile:
    # Asked first, because numpy takes whatever is no archive for a pickle, and says how to trust it.
    if not zipfile.is_zipfile(stream):
        raise zipfile.BadZipFile("it is no .npz archive")
    stream.seek(0)
    opened: NpzFile = np.load(stream, allow_pickle=False)
    return opened


def _about(tape: Tape) -> str:
    lottery = tape.lottery
    return json.dumps(
        {
            "format": FORMAT,
            "name": tape.name,
            "instrument": asdict(tape.instrument),
            "channels": [channel.name for channel in tape.channels],
            "gaps_ns": tape.gaps_ns,
            "sequence_gaps": tape.sequence_gaps,
            "clock_shift_ns": tape.clock_shift_ns,
            "sigma": tape.sigma,
            "lottery": lottery and [lottery.intensity, lottery.decay, lottery.step_ns, lottery.at_mid],
        },
        allow_nan=False,
    )


def _write(arrays: dict[str, NDArray[Any]], path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **arrays)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _own(arrays: Arrays) -> Tape:
    about = json.loads(str(arrays["about"][()]))
    if about["format"] != FORMAT:
        raise ValueError(f"its format is {about['format']!r}, this program reads {FORMAT!r}")
    lottery = about["lottery"]
    return Tape(
        name=str(about["name"]),
        instrument=Instrument(**about["instrument"]),
        events=arrays["events"],
        latency=arrays["latency"],
        channels=tuple(
            Channel(str(name), arrays[f"times_{place}"], arrays[f"values_{place}"])
            for place, name in enumerate(about["channels"])
        ),
        gaps_ns=tuple((int(start), int(end)) for start, end in about["gaps_ns"]),
        sequence_gaps=int(about["sequence_gaps"]),
        clock_shift_ns=int(about["clock_shift_ns"]),
        sigma=about["sigma"],
        lottery=lottery and Lottery(lottery[0], lottery[1], lottery[2], arrays["draws"], lottery[3]),
    )


def _foreign(arrays: Arrays, path: Path, instrument: Instrument | None) -> Tape:
    if instrument is None:
        raise ValueError("hftbacktest's format does not say tick, lot and fees: give them in market.yaml")
    data = arrays["data"]
    if data.dtype.names != EVENT.names or len(data) == 0:
        raise ValueError("its rows are not hftbacktest's events")
    events = data.astype(EVENT)
    return Tape(name=path.name, instrument=instrument, events=events, latency=order_latency(events))
