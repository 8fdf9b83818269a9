"""Steps on the disk that hold through a kill and a power cut."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten

import duckdb

from alphaloop.errors import RepositoryFailure
from alphaloop.market.store.layout import staging


@contextmanager
def reported(store: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except (OSError, duckdb.IOException) as fault:
        why = shorten(str(fault), 300)
        raise RepositoryFailure(
            f"{store} cannot be written: {why}; what was kept before is untouched: free the disk or its "
            "rights and run the same command again"
        ) from fault


@contextmanager
def staged(store: Path) -> Iterator[None]:
    """An empty staging folder, whatever a killed writer left, and none afterwards; for the lock's holder."""
    if staging(store).exists():
        shutil.rmtree(staging(store))
    try:
        staging(store).mkdir()
        yield
    finally:
        shutil.rmtree(staging(store), ignore_errors=True)


def appear(whole: Path, place: Path) -> None:
    """Make a folder of the staging area durable, then let it appear at `place`, at once and as a whole."""
    for folder, _, names in os.walk(whole):
        for name in names:
            _sync(Path(folder, name))
        _sync(Path(folder))
    whole.rename(place)
    _sync(place.parent)


def vanish(place: Path, store: Path) -> None:
    """Let a folder vanish at once and as a whole; what is left of it is litter."""
    gone = staging(store) / f"gone-{place.name}"
    place.rename(gone)
    _sync(place.parent)
    shutil.rmtree(gone)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
