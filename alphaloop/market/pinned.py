"""Recorded tapes that market.yaml names as `NAME.npz@sha256:…`: only the one that is meant is ever played."""

from functools import lru_cache
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.archive import load
from alphaloop.market.tape import Tape


@lru_cache(maxsize=4)
def pinned(folder: Path, pin: str, instrument: Instrument) -> Tape:
    """The tape in `folder` that `pin` names; kept for the last four, and never to be written into.

    instrument: of a file that does not say its own.  Raises BadTape when the tape is not there, or is another
    than the pinned one (docs/decisions/0084).
    """
    name, _, digest = pin.partition("@")
    path = folder / name
    if not path.is_file():
        raise BadTape(
            f"market.yaml names the tape {name}, which is not in {folder}: fetch its recording and "
            f"run `alphaloop ingest FILE --as {name}` here"
        )
    tape = load(path, instrument)
    found = tape.digest()
    if found != digest:
        raise BadTape(
            f"{path} is another tape than market.yaml pins: {found} is not {digest}; restore the pinned one"
        )
    return tape
