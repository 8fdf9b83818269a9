"""What is to be kept, and its files before they appear."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from alphaloop.market.store.layout import source_folder
from alphaloop.market.store.source import Facts, Source, What, write_about
from alphaloop.market.store.tables import Table, connection, write


@dataclass(frozen=True, slots=True)
class Draft:
    """A source that is not kept yet; each of its tables is made when it is written, and only then."""

    key: str
    what: What
    venue: str
    symbol: str
    facts: Facts
    tables: Iterable[Table]


def stage(draft: Draft, folder: Path) -> Path:
    """Write all of `draft` in `folder`, and answer the folder of the source."""
    whole = source_folder(folder, draft.key)
    whole.mkdir()
    with connection() as database:
        parts = tuple(
            part
            for table in draft.tables
            for part in write(database, table, whole, draft.venue, draft.symbol)
        )
    write_about(Source(draft.key, draft.what, draft.venue, draft.symbol, draft.facts, parts), whole)
    return whole
