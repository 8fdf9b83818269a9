"""What lies in a store: its sources and their parts, as about.json states them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from alphaloop.errors import Untrusted
from alphaloop.market.store.layout import ABOUT, ROWS, partition

Facts = Mapping[str, Any]
What = Literal["tape", "journals"]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one kind and day (UTC): how many, their bytes on disk, the first and last time, ns."""

    kind: str
    day: str
    rows: int
    bytes: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class Source:
    """One tape or one batch of journals.

    key: SHA-256 of what it says, without names of files and figures of a wall clock; facts: all that is no
    rows.
    """

    key: str
    what: What
    venue: str
    symbol: str
    facts: Facts
    parts: tuple[Part, ...]

    def paths(self, folder: Path, kind: str) -> list[Path]:
        """The files of one kind in the source's folder, day by day."""
        return [
            folder / partition(self.venue, self.symbol, part.day, kind) / ROWS
            for part in self.parts
            if part.kind == kind
        ]


def key_of(what: What, venue: str, facts: Facts) -> str:
    """The key of content whose facts (digests of the rows included) are `facts`."""
    return hashlib.sha256(canonical({"what": what, "venue": venue, "facts": facts})).hexdigest()


def canonical(value: object) -> bytes:
    """One spelling of a JSON value; a number that is none is a ValueError."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def write_about(source: Source, folder: Path) -> None:
    """State in `folder` what lies there."""
    (folder / ABOUT).write_bytes(canonical(asdict(source)) + b"\n")


def read_about(folder: Path) -> Source:
    """What lies in `folder`; raises Untrusted when that cannot be read, or belongs elsewhere."""
    path = folder / ABOUT
    try:
        stated = json.loads(path.read_bytes())
        parts = tuple(Part(**part) for part in stated.pop("parts"))
        source = Source(**stated, parts=parts)
        if folder.name != f"source={source.key}":
            raise ValueError(f"it speaks of {source.key}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Untrusted(
            f"{path} does not say what lies beside it ({fault}): remove {folder} and keep its content again"
        ) from fault
    return source
