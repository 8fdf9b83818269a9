"""SQL over the store: read-only, in a process of its own that has no rights and is ended in time."""

import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alphaloop.errors import Misuse
from alphaloop.market.store.contents import contents
from alphaloop.market.store.reader import sources
from alphaloop.market.store.views import statements

WALL_S = 60.0
MOST_ROWS = 100_000
_PLACE = ("key", "what", "venue", "symbol", "origin", "digest")
_COLUMNS = (*_PLACE, "first_ns", "last_ns", "rows", "bytes", "sequence_gaps")
_CHILD = "alphaloop.market.store.answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """columns: their names; rows: values that JSON knows, None for missing; cut: there are more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


def ask(
    store: Path,
    sql: str,
    most_rows: int = 1_000,
    wall_s: float = WALL_S,
    journals: Collection[str] | None = None,
) -> Answer:
    """What one SELECT over the store's views answers; views.py names them.

    journals: the keys of the only runs that it sees, beside every tape; None is all of them.  Raises Misuse
    when it is no single SELECT, fails, or needs more time or memory than there is for it.
    """
    found = [one for one in sources(store) if one.what == "tape" or journals is None or one.key in journals]
    views, files = statements(store, found)
    seen = {source.key for source in found}
    kept = [entry for entry in contents(store).entries if entry.key in seen]
    entries = [[getattr(entry, name) for name in _COLUMNS] for entry in kept]
    gaps = [(source.key, *span) for source in found for span in source.facts.get("gaps_ns", [])]
    question = {"views": views, "files": files, "sources": entries, "gaps": gaps, "sql": sql}
    return _answer(question | {"most_rows": min(most_rows, MOST_ROWS), "wall_s": wall_s}, wall_s)


def _answer(question: Mapping[str, Any], wall_s: float) -> Answer:
    try:
        ended = subprocess.run(
            # -P: what lies in the folder that the caller stands in is not imported.
            [sys.executable, "-P", "-m", _CHILD],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=wall_s,
            check=False,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired as late:
        raise Misuse(f"the query took over {wall_s:g} s: ask for a shorter span or fewer columns") from late
    if ended.returncode != 0:
        raise Misuse(
            "the query ended the process that answers it, most likely for want of memory: ask for a shorter "
            "span or fewer columns"
        )
    told = json.loads(ended.stdout)
    if "wrong" in told:
        raise Misuse(f"the query cannot be answered: {told['wrong']}")
    return Answer(tuple(told["columns"]), tuple(tuple(row) for row in told["rows"]), told["cut"])
