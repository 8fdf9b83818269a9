"""Many readers: what is kept, each source as a whole, whatever a writer does meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alphaloop.errors import Misuse, Untrusted
from alphaloop.market.store.layout import VERSION, generation, source_folder, versions
from alphaloop.market.store.source import Source, What, read_about
from alphaloop.market.store.writer import writing


def sources(store: Path, what: What | None = None) -> list[Source]:
    """All that is kept, by venue, symbol and first time; a store of an older version is migrated first.

    A store that does not exist is empty, and stays so.
    """
    found = versions(store)
    if found and found[-1] < VERSION:
        with writing(store):
            pass
    folders = sorted(generation(store).glob("source=*"))
    everything = [source for folder in folders if (source := _there(folder)) is not None]
    return sorted((source for source in everything if what in (None, source.what)), key=_place)


def source_named(store: Path, beginning: str) -> Source:
    """The one source whose key begins so; raises Misuse when that is none, or more than one."""
    found = [source for source in sources(store) if source.key.startswith(beginning)]
    if len(found) != 1:
        raise Misuse(
            f"{beginning!r} begins the key of {len(found)} sources of {store}: `alphaloop store` lists them; "
            "name one by its first twelve digits"
        )
    return found[0]


def folder_of(store: Path, source: Source) -> Path:
    """Where the source's files lie."""
    return source_folder(generation(store), source.key)


@contextmanager
def trusted(folder: Path) -> Iterator[None]:
    """Turn what cannot be read from `folder` into words: somebody changed it since it was kept."""
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError) as fault:
        raise Untrusted(
            f"{folder} is not as it was kept ({fault!r}): remove it and keep its content again"
        ) from fault


def span_ns(source: Source) -> tuple[int, int]:
    """The first and the last time of any row."""
    return (
        min((part.first_ns for part in source.parts), default=0),
        max((part.last_ns for part in source.parts), default=0),
    )


def _there(folder: Path) -> Source | None:
    """What lies in `folder`; None when it was forgotten after it was listed."""
    try:
        return read_about(folder)
    except Untrusted:
        if folder.exists():
            raise
        return None


def _place(source: Source) -> tuple[str, str, str, int, str]:
    return source.venue, source.symbol, source.what, span_ns(source)[0], source.key
