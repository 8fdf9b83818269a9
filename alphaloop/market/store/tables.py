"""Columns of numpy to Parquet files and back, the same bytes for the same rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape, Untrusted
from alphaloop.market.store.layout import ROWS, partition
from alphaloop.market.store.source import Part

DAY_NS = 86_400_000_000_000
MOST_DAYS = 3_660
"""A table of more days is of broken times, and would be as many files."""
Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind; each column and times_ns (which decide the day) have shape (n,).

    types: SQL types of columns whose numpy type does not tell (texts, and numbers that may be missing).
    """

    kind: str
    times_ns: NDArray[np.int64]
    columns: Columns
    types: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, on one thread: rows keep their order and files their bytes."""
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        yield database


def write(
    database: duckdb.DuckDBPyConnection, table: Table, folder: Path, venue: str, symbol: str
) -> Iterator[Part]:
    """Write `table` into the partitions of its days; a column `row` keeps the places."""
    days = table.times_ns // DAY_NS
    present = np.unique(days)
    if len(present) > MOST_DAYS:
        raise BadTape(
            f"rows of kind {table.kind} fall on {len(present)} days, more than {MOST_DAYS}: their times are "
            "no times in ns since 1970; record again"
        )
    for day in present.tolist():
        rows = np.flatnonzero(days == day)
        # Most tables are of one day, and are not copied then.
        mine = rows if len(rows) < len(days) else slice(None)
        name = str(np.datetime64(day, "D"))
        path = folder / partition(venue, symbol, name, table.kind) / ROWS
        path.parent.mkdir(parents=True)
        columns = {"row": rows} | {key: column[mine] for key, column in table.columns.items()}
        _copy(database, columns, table, path)
        first, last = int(table.times_ns[mine].min()), int(table.times_ns[mine].max())
        yield Part(table.kind, name, len(rows), path.stat().st_size, first, last)


def read(database: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> dict[str, NDArray[Any]]:
    """The columns of the files of one kind, in the order in which they were written; {} without files.

    A missing number comes back as NaN.  Raises Untrusted when rows are missing.
    """
    if not paths:
        return {}
    found = [_columns(database, path) for path in paths]
    columns = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    rows = columns.pop("row")
    order = np.argsort(rows, kind="stable")
    if not np.array_equal(rows[order], np.arange(len(rows))):
        raise Untrusted(f"{paths[0]} and its other days lack rows: remove their source and keep it again")
    return {name: column[order] for name, column in columns.items()}


def read_records(database: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The rows of a small kind one by one, in the order in which they were written; missing is None."""
    found = [row for path in paths for row in _records(database, path)]
    found.sort(key=lambda row: row["row"])
    if [row.pop("row") for row in found] != list(range(len(found))):
        raise Untrusted(f"{paths[0]} and its other days lack rows: remove their source and keep it again")
    return found


def _copy(database: duckdb.DuckDBPyConnection, columns: Columns, table: Table, path: Path) -> None:
    chosen = ", ".join(
        f'CAST("{name}" AS {table.types[name]}) AS "{name}"' if name in table.types else f'"{name}"'
        for name in columns
    )
    database.register("rows_to_keep", dict(columns))
    # Pages of the second kind encode rising numbers as differences: half the bytes, and faster.
    database.execute(
        f"COPY (FROM rows_to_keep SELECT {chosen}) TO {text(path)} "
        "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)"
    )
    database.unregister("rows_to_keep")


def _columns(database: duckdb.DuckDBPyConnection, path: Path) -> dict[str, NDArray[Any]]:
    with _as_kept(path):
        found = _asked(database, path).fetchnumpy()
        return {name: _filled(column) for name, column in found.items()}


def _filled(column: NDArray[Any]) -> NDArray[Any]:
    """A column without a mask: where nothing was kept there is NaN."""
    missing = getattr(column, "mask", None)
    return column if missing is None else np.where(missing, np.nan, np.asarray(column))


def _records(database: duckdb.DuckDBPyConnection, path: Path) -> list[dict[str, Any]]:
    with _as_kept(path):
        found = _asked(database, path)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _asked(database: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyConnection:
    return database.execute(f"FROM read_parquet({text(path)}, hive_partitioning = false)")


@contextmanager
def _as_kept(path: Path) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, ValueError, TypeError) as fault:
        raise Untrusted(
            f"{path} is not as it was kept ({fault}): remove its source, keep it again"
        ) from fault


def text(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
