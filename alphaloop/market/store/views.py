"""The tables and views that a query sees: the files of each kind as they are, and views.sql over them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from alphaloop.market.store.headline import HEADLINE_TYPES
from alphaloop.market.store.journals import EPISODES, EVENTS, REFUSAL_TYPES, REFUSALS
from alphaloop.market.store.reader import folder_of
from alphaloop.market.store.source import Source
from alphaloop.market.store.tables import text
from alphaloop.market.store.tapes import BOOK, CHANNEL, TRADES
from alphaloop.market.tape import EVENT

_SQL = {"i": "BIGINT", "u": "UBIGINT", "f": "DOUBLE"}
_PLACES = {"source": "VARCHAR", "venue": "VARCHAR", "symbol": "VARCHAR", "day": "DATE", "kind": "VARCHAR"}
_EPISODE = {"row": "BIGINT", "episode": "BIGINT"}
_COMMENT = re.compile(r"^--.*$", re.MULTILINE)


def _of(dtype: np.dtype[Any]) -> dict[str, str]:
    return {name: _SQL[dtype[name].kind] for name in dtype.names or ()}


KINDS: Mapping[str, Mapping[str, str]] = {
    BOOK: {"row": "BIGINT", "place": "BIGINT", **_of(EVENT)},
    TRADES: {"row": "BIGINT", "place": "BIGINT", **_of(EVENT)},
    CHANNEL: {"row": "BIGINT", "time_ns": "BIGINT", "value": "DOUBLE"},
    **{kind: {**_EPISODE, **_of(dtype)} for kind, (_, dtype, _) in EVENTS.items()},
    EPISODES: {**_EPISODE, **HEADLINE_TYPES},
    REFUSALS: {**_EPISODE, **REFUSAL_TYPES},
}
"""Kind → its columns and their SQL types, so that a table is there before anything is in it."""


def statements(store: Path, found: Sequence[Source]) -> tuple[list[str], list[str]]:
    """The statements that make all tables and views over `found`, and the files that they read."""
    made, read = list[str](), list[str]()
    for kind, columns in KINDS.items():
        paths = [path for source in found for path in _paths(store, source, kind)]
        name = "channels" if kind == CHANNEL else kind
        made.append(f"CREATE VIEW kept_{name} AS {_rows(paths, columns)}")
        read += [str(path) for path in paths]
    return made + views(), read


def views() -> list[str]:
    """The statements of views.sql."""
    told = _COMMENT.sub("", Path(__file__).with_name("views.sql").read_text(encoding="utf-8"))
    return [statement.strip() for statement in told.split(";") if statement.strip()]


def _paths(store: Path, source: Source, kind: str) -> list[Path]:
    folder = folder_of(store, source)
    if kind != CHANNEL:
        return source.paths(folder, kind)
    kinds = dict.fromkeys(part.kind for part in source.parts if part.kind.startswith(CHANNEL))
    return [path for channel in kinds for path in source.paths(folder, channel)]


def _rows(paths: Sequence[Path], columns: Mapping[str, str]) -> str:
    if not paths:
        empty = [f'CAST(NULL AS {sql}) AS "{name}"' for name, sql in {**columns, **_PLACES}.items()]
        return f"SELECT {', '.join(empty)} WHERE false"
    hive = ", ".join(f"'{name}': {sql}" for name, sql in _PLACES.items())
    listed = ", ".join(text(path) for path in paths)
    return f"FROM read_parquet([{listed}], hive_partitioning = true, hive_types = {{{hive}}})"
