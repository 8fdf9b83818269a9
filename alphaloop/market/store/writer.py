"""The one writer: a lock that dies with its holder, and sources that appear by one rename."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alphaloop.errors import Misuse, Refused
from alphaloop.market.store.disk import appear, reported, staged, vanish
from alphaloop.market.store.draft import Draft, stage
from alphaloop.market.store.layout import generation, source_folder, staging, versions
from alphaloop.market.store.migration import migrate

WAIT_S = 60.0
"""Keeping takes a second or two; whoever holds the lock longer is not keeping."""
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a draft: its key, and whether it is new here."""

    key: str
    new: bool


def keep(store: Path, draft: Draft) -> Kept:
    """Put `draft` into the store, unless it is there.

    A kill at any moment leaves it there as a whole or not at all.  Raises RepositoryFailure when the disk
    refuses, and then nothing that was kept before is touched.
    """
    with writing(store):
        place = source_folder(generation(store), draft.key)
        if place.exists():
            return Kept(draft.key, new=False)
        appear(stage(draft, staging(store)), place)
    return Kept(draft.key, new=True)


def forget(store: Path, key: str) -> None:
    """Remove one source for good; raises Misuse when it is not there."""
    with writing(store):
        place = source_folder(generation(store), key)
        if not place.is_dir():
            raise Misuse(f"{store} has no source {key}: `alphaloop store` lists them")
        vanish(place, store)


@contextmanager
def writing(store: Path) -> Iterator[None]:
    """Be the one writer of `store`, which exists then, has this program's version and no litter.

    Raises Refused when another writer does not end, BadConfiguration for a store of a newer version.
    """
    with reported(store):
        versions(store)
        # Keys lie beside the store, so a folder that is made for it must not be open to others either.
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(store / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(handle, store)
        # Asked again, because whoever held the lock may have been a newer program.
        versions(store)
        with reported(store), staged(store):
            migrate(store)
            generation(store).mkdir(exist_ok=True)
            yield
    finally:
        os.close(handle)


def _lock(handle: int, store: Path) -> None:
    until = time.monotonic() + WAIT_S
    while not _locked(handle):
        if time.monotonic() > until:
            raise Refused(
                f"another alphaloop has been writing {store} for {WAIT_S:g} s: wait for it to end, then "
                "run again"
            )
        time.sleep(_PAUSE_S)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
