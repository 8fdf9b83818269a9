"""The high-water mark: the furthest ledger entry that this clone has seen, so that truncation is noticed."""

import os
from collections.abc import Sequence
from pathlib import Path

from alphaloop.errors import RepositoryFailure, Untrusted
from alphaloop.facts.entry import Entry

NAME = "high-water"


Mark = tuple[int, str] | None
"""The number and the commit of the furthest entry seen, or None on a clone that has seen none."""


def check(mark: Mark, entries: Sequence[Entry]) -> None:
    """Raise Untrusted when the ledger no longer holds the furthest entry that was seen here.

    The mark must be read before the ledger is: read after it, another writer may have moved both on.
    """
    if mark is None:
        return
    number, commit = mark
    if number >= len(entries) or entries[number].commit != commit:
        raise Untrusted(
            f"the ledger has lost entry {number} ({commit[:12]}), which was seen here before: "
            "somebody truncated or "
            f"rewrote it; fetch it from a clone that still has it"
        )


def lift(private: Path, entry: Entry) -> None:
    """Move the mark up to `entry`; it never moves down."""
    mark = read(private)
    if mark is not None and mark[0] >= entry.number:
        return
    fresh = private / f"{NAME}.{os.getpid()}"
    try:
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text(f"{entry.number} {entry.commit}\n")
        fresh.replace(private / NAME)
    except OSError as wrong:
        raise RepositoryFailure(
            f"{private / NAME} cannot be written: {wrong}; free the disk, run again"
        ) from wrong


def read(private: Path) -> Mark:
    """The mark as it stands; raises Untrusted when the file is none."""
    path = private / NAME
    try:
        number, commit = path.read_text().split()
        return int(number), commit
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as wrong:
        raise Untrusted(
            f"{path} is not a high-water mark: if you know why, delete it; else ask who changed it"
        ) from wrong
