"""The process that answers a query: it may read the files of the views, and nothing else, and writes nothing.

Reads one JSON question from standard input, and writes one JSON answer to standard output.
"""

import json
import math
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

MEMORY_BYTES = 4 << 30
"""Of the process, because a single long text escapes DuckDB's own limit."""
LONGEST_CELL = 1_000
MOST_CHARACTERS = 32_000_000
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "threads": 2,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "max_temp_directory_size": "0KB",
}
_SOURCES = (
    "CREATE TABLE sources (source VARCHAR, what VARCHAR, venue VARCHAR, symbol VARCHAR, origin VARCHAR, "
    "digest VARCHAR, first_ns BIGINT, last_ns BIGINT, rows BIGINT, bytes BIGINT, sequence_gaps BIGINT)"
)
_GAPS = "CREATE TABLE gaps (source VARCHAR, start_ns BIGINT, end_ns BIGINT)"


def main() -> None:
    """Answer the question on standard input."""
    question = json.load(sys.stdin)
    _give_up_rights(question["wall_s"])
    try:
        told = _told(question)
    except (duckdb.Error, MemoryError, ValueError) as fault:
        told = {"wrong": str(fault) or "there is not enough memory for it"}
    json.dump(told, sys.stdout, allow_nan=False)


def _give_up_rights(wall_s: float) -> None:
    """No byte into any file, whatever DuckDB allows: the kernel refuses it.

    The asker ends this process when it is late; the limit of processor time is for an asker that died.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    seconds = 2 * math.ceil(wall_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _told(question: Mapping[str, Any]) -> dict[str, Any]:
    database = _opened(question)
    asked = database.extract_statements(question["sql"])
    if len(asked) != 1 or asked[0].type != duckdb.StatementType.SELECT:
        raise ValueError("it must be one SELECT; the store is only ever written by AlphaLoop itself")
    found = database.execute(asked[0])
    columns = [column[0] for column in found.description or ()]
    rows = list(_rows(found, question["most_rows"] + 1))
    cut = len(rows) > question["most_rows"] or _length(rows) > MOST_CHARACTERS
    return {"columns": columns, "rows": rows[: question["most_rows"]], "cut": cut}


def _opened(question: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config=_SETTINGS)
    for statement in (_SOURCES, _GAPS, *question["views"]):
        database.execute(statement)
    if question["sources"]:
        database.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", question["sources"]
        )
    if question["gaps"]:
        database.executemany("INSERT INTO gaps VALUES (?, ?, ?)", question["gaps"])
    database.execute("SET allowed_paths = ?", [question["files"]])
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


def _rows(found: duckdb.DuckDBPyConnection, most: int) -> Iterator[list[Any]]:
    """Up to `most` rows, and no more than an answer may be long."""
    length = 0
    for _ in range(most):
        row = found.fetchone()
        if row is None or length > MOST_CHARACTERS:
            return
        shown = [_shown(value) for value in row]
        length += _length([shown])
        yield shown


def _shown(value: Any) -> Any:
    """A value that JSON knows; a number that is none is missing."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _length(rows: list[list[Any]]) -> int:
    return sum(len(str(value)) for row in rows for value in row)


if __name__ == "__main__":
    main()
