"""Tapes as files: numpy's .npz without pickle, written whole or not at all."""

import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.clock import order_latency
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.ingest.foreign import sound
from alphaloop.market.ingest.gathered import UNKNOWN
from alphaloop.market.ingest.npz import Arrays, arrays
from alphaloop.market.tape import Channel, Lottery, Tape

FORMAT = "alphaloop tape 1"
FAULTS = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What numpy, zipfile and json raise when a file is not what it says it is."""


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
    found = read_arrays(path)
    try:
        tape = _foreign(found, path, instrument) if "data" in found else _own(found)
    except FAULTS as fault:
        raise BadTape(f"{path}: is no whole tape ({fault}); make it again with `alphaloop ingest`") from fault
    refuse_disorder(tape.events, tape.name)
    return tape


def read_arrays(path: Path) -> Arrays:
    """What a tape's file holds, by name; raises BadTape when it is no whole archive of arrays."""
    try:
        with path.open("rb") as stream:
            return arrays(stream, path)
    except OSError as fault:
        raise BadTape(f"{path}: cannot be read ({fault.strerror or fault}); name a tape") from fault
    except FAULTS as fault:
        raise BadTape(f"{path}: is no whole tape ({fault}); make it again with `alphaloop ingest`") from fault


def _about(tape: Tape) -> str:
    lottery = tape.lottery
    return json.dumps(
        {
            "format": FORMAT,
            "name": tape.name,
            "instrument": asdict(tape.instrument),
            "channels": [channel.name for channel in tape.channels],
            "gaps_ns": tape.gaps_ns,
            "outages_ns": tape.outages_ns,
            "sequence_gaps": tape.sequence_gaps,
            "clock_shift_ns": tape.clock_shift_ns,
            "sigma": tape.sigma,
            "rounds_ns": tape.rounds_ns,
            "venue": tape.venue,
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
        outages_ns=tuple((int(start), int(end)) for start, end in about.get("outages_ns", ())),
        sequence_gaps=int(about["sequence_gaps"]),
        clock_shift_ns=int(about["clock_shift_ns"]),
        sigma=about["sigma"],
        # Files of before there were rounds have none.
        rounds_ns=tuple(int(time_ns) for time_ns in about.get("rounds_ns", ())),
        venue=str(about.get("venue", UNKNOWN)),
        lottery=lottery and Lottery(lottery[0], lottery[1], lottery[2], arrays["draws"], lottery[3]),
    )


def _foreign(arrays: Arrays, path: Path, instrument: Instrument | None) -> Tape:
    if instrument is None:
        raise ValueError("hftbacktest's format does not say tick, lot and fees: give them in market.yaml")
    events, _ = sound(arrays["data"])
    return Tape(name=path.name, instrument=instrument, events=events, latency=order_latency(events))
