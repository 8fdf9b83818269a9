"""The high-water mark: the furthest ledger entry that this clone has seen, so that truncation is noticed."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import get_ident

from alphaloop.errors import RepositoryFailure, Untrusted
from alphaloop.facts.entry import Entry

NAME = "high-water"


Mark = tuple[tuple[int, str], ...]
"""Number and commit of the furthest entry seen, () on a clone that has seen none.

While `alphaloop sync` replaces what diverged here there are two: either the old one or the new one stands.
"""


def check(mark: Mark, entries: Sequence[Entry]) -> None:
    """Raise Untrusted when the ledger no longer holds the furthest entry that was seen here.

    The mark must be read before the ledger is: read after it, another writer may have moved both on.
    """
    if mark and not any(_holds(entries, one) for one in mark):
        number, commit = mark[0]
        raise Untrusted(
            f"the ledger has lost entry {number} ({commit[:12]}), which was seen here before: somebody "
            "truncated or rewrote it; fetch it from a clone that still has it"
        )


def lift(private: Path, entries: Sequence[Entry], name: str = NAME) -> None:
    """Move the mark up to the last of `entries`; it never moves down."""
    mark = read(private, name)
    last = entries[-1]
    if len(mark) == 1 and mark[0][0] >= last.number:
        return
    # A replacement is under way in another process: the old entry still stands, and the new one may soon.
    if len(mark) == 2 and not _holds(entries, mark[1]):
        return
    _write(private, ((last.number, last.commit),), name)


def expect(private: Path, entry: Entry) -> None:
    """Let the mark be satisfied by `entry` too, which is about to become the last one here."""
    mark = read(private)
    _write(private, (*mark[:1], (entry.number, entry.commit)), NAME)


def read(private: Path, name: str = NAME) -> Mark:
    """The mark as it stands; raises Untrusted when the file is none."""
    path = private / name
    try:
        pairs = [line.split() for line in path.read_text().splitlines()]
        mark = tuple((int(number), commit) for number, commit in pairs)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as wrong:
        raise _no_mark(path) from wrong
    if not 1 <= len(mark) <= 2 or any(number < 0 for number, _ in mark):
        raise _no_mark(path)
    return mark


def _no_mark(path: Path) -> Untrusted:
    return Untrusted(f"{path} is not a high-water mark: if you know why, delete it; else ask who changed it")


def _holds(entries: Sequence[Entry], one: tuple[int, str]) -> bool:
    number, commit = one
    return number < len(entries) and entries[number].commit == commit


def _write(private: Path, mark: Mark, name: str) -> None:
    fresh = private / f"{name}.{os.getpid()}.{get_ident()}"
    try:
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text("".join(f"{number} {commit}\n" for number, commit in mark))
        fresh.replace(private / name)
    except OSError as wrong:
        raise RepositoryFailure(
            f"{private / name} cannot be written: {wrong}; free the disk, run again"
        ) from wrong
