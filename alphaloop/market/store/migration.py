"""Stores of older versions, brought to this one: the new generation appears whole, then the old one goes.

Version 1 kept book rows and trades together, in the kind `events`, and knew neither outages nor rounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from alphaloop.errors import Untrusted
from alphaloop.facts.market import Instrument
from alphaloop.market.store.disk import appear, vanish
from alphaloop.market.store.draft import Draft, stage
from alphaloop.market.store.layout import VERSION, generation, staging, versions
from alphaloop.market.store.source import Source, key_of, read_about
from alphaloop.market.store.tables import Columns, Table, connection, read
from alphaloop.market.tape import KIND_MASK, TRADE

Step = Callable[[Source, Path], Draft]


def migrate(store: Path) -> None:
    """Bring `store` to this version; only for the holder of the lock.

    A kill leaves the old generation as it was, or the new one beside it: then the old one goes next time.
    """
    older = [version for version in versions(store) if version < VERSION]
    if older and not generation(store).exists():
        appear(_raised(store, older[-1]), generation(store))
    for version in older:
        vanish(generation(store, version), store)


def _raised(store: Path, version: int) -> Path:
    """The newest generation in the staging folder, made of `version` step by step."""
    folder = generation(store, version)
    for step in range(version, VERSION):
        fresh = staging(store) / f"v{step + 1}"
        fresh.mkdir()
        for place in sorted(folder.glob("source=*")):
            stage(_STEPS[step](read_about(place), place), fresh)
        folder = fresh
    return folder


def _from_1(source: Source, folder: Path) -> Draft:
    instrument = asdict(Instrument(**source.facts["instrument"]))
    facts = dict(source.facts) | {"instrument": instrument, "outages_ns": [], "rounds_ns": []}
    said = {name: fact for name, fact in facts.items() if name not in ("name", "report")}
    tables = [table for kind in _kinds(source) for table in _split(kind, _read(source, folder, kind))]
    kept = sum(len(table.times_ns) for table in tables)
    stated = sum(part.rows for part in source.parts)
    if kept != stated:
        raise Untrusted(f"{folder} has {kept} rows and states {stated}: put the store back from a copy")
    return Draft(
        key_of(source.what, source.venue, said), source.what, source.venue, source.symbol, facts, tables
    )


def _kinds(source: Source) -> list[str]:
    return list(dict.fromkeys(part.kind for part in source.parts))


def _read(source: Source, folder: Path, kind: str) -> Columns:
    with connection() as database:
        return read(database, source.paths(folder, kind))


def _split(kind: str, columns: Columns) -> list[Table]:
    if kind != "events":
        time = "req_ts" if kind == "latency" else "time_ns"
        return [Table(kind, columns[time], columns)]
    traded = (columns["ev"] & np.uint64(KIND_MASK)) == TRADE
    tables = []
    for name, chosen in (("book", ~traded), ("trades", traded)):
        rows = {column: values[chosen] for column, values in columns.items()}
        tables.append(Table(name, rows["exch_ts"], {"place": np.flatnonzero(chosen)} | rows))
    return tables


_STEPS: Mapping[int, Step] = {1: _from_1}
