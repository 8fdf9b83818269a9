"""Journals: into the store, and the same journals out of it, so that metrics are computed one way only."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import Broken, Misuse, Untrusted
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.journal import FILL, FUNDING, MARK, MID, ORDER, Journal
from alphaloop.market.store.draft import Draft
from alphaloop.market.store.headline import HEADLINE_TYPES, channel_names, facts_of, headline
from alphaloop.market.store.layout import checked_name
from alphaloop.market.store.reader import folder_of, trusted
from alphaloop.market.store.source import Source, canonical, key_of
from alphaloop.market.store.tables import Table, connection, read, read_records
from alphaloop.market.store.writer import Kept, keep
from alphaloop.market.tape import Channel

EPISODES, REFUSALS, STREAMS, SPEED = "episodes", "refusals", "streams", "speed"
EVENTS = {
    "orders": ("orders", ORDER, "time_ns"),
    "fills": ("fills", FILL, "matched_ns"),
    "account": ("marks", MARK, "time_ns"),
    "settlements": ("funding", FUNDING, "time_ns"),
    "mids": ("mids", MID, "time_ns"),
}
"""Kind → the journal's field, the type of its rows, and the column that decides the day."""
REFUSAL_TYPES = {
    "rule": "VARCHAR",
    "cause": "VARCHAR",
    "value": "DOUBLE",
    "limit": "DOUBLE",
    "time_ns": "BIGINT",
}

Run = Mapping[str, str | int | float | None]
"""Where journals come from, in a few words and numbers: who asked, which strategy, which seeds or tape."""


def keep_journals(store: Path, journals: Sequence[Journal], venue: str, run: Run) -> Kept:
    """Put the journals of one run into the store; the same run once more changes nothing.

    They are of one instrument.  Figures of a wall clock are kept, but make no run another one.
    Raises Misuse without journals, Broken for a journal with a number that is none.
    """
    if not journals:
        raise Misuse("a run without an episode leaves nothing to keep: play one")
    symbols = {journal.instrument.symbol for journal in journals}
    if len(symbols) > 1:
        raise Misuse(
            f"the journals are of {', '.join(sorted(symbols))}: keep those of one instrument at a time"
        )
    symbol = checked_name(symbols.pop(), "symbol")
    try:
        facts = {"run": dict(run), "episodes": [_key(journal) for journal in journals]}
        key = key_of("journals", checked_name(venue, "venue"), facts)
    except ValueError as fault:
        raise Broken(f"a journal or its run has a number that is none ({fault}); report it") from fault
    return keep(store, Draft(key, "journals", venue, symbol, facts, _tables(journals)))


def journals_in(store: Path, source: Source) -> tuple[Journal, ...]:
    """The journals of one run, in their order; raises Untrusted when they are not those that were put in."""
    folder = folder_of(store, source)
    with trusted(folder):
        made = _journals(folder, source)
        keys = [_key(journal) for journal in made]
    if keys != source.facts["episodes"]:
        raise Untrusted(f"{folder} holds other journals than were put in: remove it, and play its run again")
    return made


def _journals(folder: Path, source: Source) -> tuple[Journal, ...]:
    with connection() as database:
        rows = read_records(database, source.paths(folder, EPISODES))
        refusals = read_records(database, source.paths(folder, REFUSALS))
        kept = {kind: read(database, source.paths(folder, kind)) for kind in (*EVENTS, STREAMS, SPEED)}
    return tuple(_journal(place, row, kept, refusals) for place, row in enumerate(rows))


def _key(journal: Journal) -> str:
    """SHA-256 over all of a journal but its figures of a wall clock."""
    body = hashlib.sha256(canonical(headline(journal)))
    for field, dtype, _ in EVENTS.values():
        body.update(canonical([field, len(getattr(journal, field))]))
        body.update(np.ascontiguousarray(getattr(journal, field), dtype).tobytes())
    for refusal in journal.refusals:
        body.update(canonical([getattr(refusal, name) for name in REFUSAL_TYPES]))
    for channel in journal.channels:
        body.update(canonical(len(channel.times_ns)) + channel.times_ns.tobytes() + channel.values.tobytes())
    return body.hexdigest()


def _tables(journals: Sequence[Journal]) -> Iterator[Table]:
    yield _episodes(journals)
    for kind, (field, dtype, time) in EVENTS.items():
        yield _events(kind, [np.asarray(getattr(journal, field), dtype) for journal in journals], time)
    yield _refusals(journals)
    yield _streams(journals)
    speeds = [journal.tick_to_trade_ms for journal in journals]
    days_ns = np.repeat([journal.start_ns for journal in journals], [len(speed) for speed in speeds])
    yield Table(SPEED, days_ns, {"episode": _episode(speeds), "tick_to_trade_ms": np.concatenate(speeds)})


def _events(kind: str, rows: Sequence[NDArray[Any]], time: str) -> Table:
    joined = np.concatenate(rows)
    names = joined.dtype.names or ()
    return Table(kind, joined[time], {"episode": _episode(rows)} | {name: joined[name] for name in names})


def _episodes(journals: Sequence[Journal]) -> Table:
    rows = [headline(journal) for journal in journals]
    columns = {name: np.array([row[name] for row in rows], object) for name in HEADLINE_TYPES}
    times_ns = np.array([journal.start_ns for journal in journals], np.int64)
    return Table(EPISODES, times_ns, {"episode": np.arange(len(rows))} | columns, HEADLINE_TYPES)


def _refusals(journals: Sequence[Journal]) -> Table:
    lists = [journal.refusals for journal in journals]
    flat = [refusal for refusals in lists for refusal in refusals]
    columns = {name: np.array([getattr(refusal, name) for refusal in flat], object) for name in REFUSAL_TYPES}
    columns["cause"] = np.array([str(refusal.cause) for refusal in flat], object)
    times_ns = np.array([refusal.time_ns for refusal in flat], np.int64)
    return Table(REFUSALS, times_ns, {"episode": _episode(lists)} | columns, REFUSAL_TYPES)


def _streams(journals: Sequence[Journal]) -> Table:
    """The side channels of all episodes; `channel` is the place in the episode's list of names."""
    parts = [
        (episode, place, channel)
        for episode, journal in enumerate(journals)
        for place, channel in enumerate(journal.channels)
    ]
    counts = [len(channel.times_ns) for _, _, channel in parts]
    times_ns = np.concatenate([np.zeros(0, np.int64), *(channel.times_ns for _, _, channel in parts)])
    columns = {
        "episode": np.repeat(np.array([episode for episode, _, _ in parts], np.int64), counts),
        "channel": np.repeat(np.array([place for _, place, _ in parts], np.int64), counts),
        "time_ns": times_ns,
        "value": np.concatenate([np.zeros(0), *(channel.values for _, _, channel in parts)]),
    }
    return Table(STREAMS, times_ns, columns)


def _episode(lists: Sequence[Sequence[Any] | NDArray[Any]]) -> NDArray[np.int64]:
    """For every row of lists one after the other the place of its list."""
    return np.repeat(np.arange(len(lists)), [len(rows) for rows in lists])


def _journal(
    place: int,
    row: Mapping[str, Any],
    kept: Mapping[str, Mapping[str, NDArray[Any]]],
    refusals: Sequence[Mapping[str, Any]],
) -> Journal:
    mine = {kind: _of(place, columns) for kind, columns in kept.items()}
    fields = facts_of(row)
    fields |= {field: _rows(mine[kind], dtype) for kind, (field, dtype, _) in EVENTS.items()}
    fields["refusals"] = tuple(_refusal(told) for told in refusals if told["episode"] == place)
    fields["tick_to_trade_ms"] = mine[SPEED].get("tick_to_trade_ms", np.zeros(0))
    names = channel_names(row)
    fields["channels"] = tuple(_channel(name, at, mine[STREAMS]) for at, name in enumerate(names))
    return Journal(**fields)


def _of(place: int, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The rows of one episode; they lie together."""
    if not columns:
        return {}
    first, last = np.searchsorted(columns["episode"], [place, place + 1])
    return {name: column[first:last] for name, column in columns.items()}


def _rows(columns: Mapping[str, NDArray[Any]], dtype: np.dtype[Any]) -> NDArray[Any]:
    made = np.zeros(len(columns.get("episode", ())), dtype)
    for name in dtype.names or ():
        if len(made):
            made[name] = columns[name]
    return made


def _refusal(told: Mapping[str, Any]) -> Refusal:
    return Refusal(told["rule"], Cause(told["cause"]), told["value"], told["limit"], told["time_ns"])


def _channel(name: str, place: int, columns: Mapping[str, NDArray[Any]]) -> Channel:
    if not columns:
        return Channel(name, np.zeros(0, np.int64), np.zeros(0))
    mine = columns["channel"] == place
    return Channel(name, columns["time_ns"][mine], columns["value"][mine])
