"""What is in a store, for people and programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alphaloop.errors import Untrusted
from alphaloop.market.store.layout import ROWS, partition
from alphaloop.market.store.reader import folder_of, sources, span_ns
from alphaloop.market.store.source import Source
from alphaloop.words.store import kept_run


@dataclass(frozen=True, slots=True)
class Holding:
    """The rows of one venue, symbol, day (UTC) and kind, of all sources: how many, bytes on disk, span."""

    venue: str
    symbol: str
    day: str
    kind: str
    rows: int
    bytes: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One source: what it is, where it is from, what it lacks.

    digest: of a tape, as market.yaml pins it, "" for journals; gaps: spans on which nothing may be judged,
    gap_s their length; sequence_gaps: missing sequence ids; origin: the tape's file, or the run.
    """

    key: str
    what: str
    venue: str
    symbol: str
    origin: str
    digest: str
    rows: int
    bytes: int
    first_ns: int
    last_ns: int
    gaps: int
    gap_s: float
    sequence_gaps: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that is kept; bytes on disk."""

    holdings: tuple[Holding, ...]
    entries: tuple[Entry, ...]
    bytes: int


def contents(store: Path) -> Contents:
    """All that is in `store`; raises Untrusted when a file is gone, or has another size than was written."""
    found = sources(store)
    for source in found:
        _refuse_damaged(source, folder_of(store, source))
    entries = tuple(_entry(source) for source in found)
    return Contents(tuple(_holdings(found)), entries, sum(entry.bytes for entry in entries))


def origin_of(source: Source) -> str:
    """Where a source comes from, in a few words."""
    if source.what == "tape":
        return str(source.facts["name"])
    return kept_run(source.facts["run"])


def _holdings(found: Sequence[Source]) -> Iterator[Holding]:
    parts = [
        ((source.venue, source.symbol, part.day, part.kind), part)
        for source in found
        for part in source.parts
    ]
    for place in sorted({place for place, _ in parts}):
        mine = [part for where, part in parts if where == place]
        yield Holding(
            *place,
            rows=sum(part.rows for part in mine),
            bytes=sum(part.bytes for part in mine),
            first_ns=min(part.first_ns for part in mine),
            last_ns=max(part.last_ns for part in mine),
        )


def _entry(source: Source) -> Entry:
    gaps = source.facts.get("gaps_ns", [])
    first_ns, last_ns = span_ns(source)
    return Entry(
        key=source.key,
        what=source.what,
        venue=source.venue,
        symbol=source.symbol,
        origin=origin_of(source),
        digest=source.facts.get("digest", ""),
        rows=sum(part.rows for part in source.parts),
        bytes=sum(part.bytes for part in source.parts),
        first_ns=first_ns,
        last_ns=last_ns,
        gaps=len(gaps),
        gap_s=sum(end - start for start, end in gaps) / 1e9,
        sequence_gaps=source.facts.get("sequence_gaps", 0),
    )


def _refuse_damaged(source: Source, folder: Path) -> None:
    for part in source.parts:
        path = folder / partition(source.venue, source.symbol, part.day, part.kind) / ROWS
        if not path.is_file() or path.stat().st_size != part.bytes:
            raise Untrusted(f"{path} is not as it was kept: remove {folder} and keep its content again")
