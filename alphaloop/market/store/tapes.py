"""Tapes: into the store, and the same tape out of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape, Untrusted
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.store.draft import Draft
from alphaloop.market.store.layout import checked_name
from alphaloop.market.store.reader import folder_of, trusted
from alphaloop.market.store.source import Source, key_of
from alphaloop.market.store.tables import Table, connection, read
from alphaloop.market.store.writer import Kept, keep
from alphaloop.market.tape import EVENT, KIND_MASK, LATENCY, TRADE, Channel, Lottery, Rows, Tape

BOOK, TRADES, ORDER_LATENCY, DRAWS, CHANNEL = "book", "trades", "latency", "draws", "channel-"
_LONGEST_CHANNEL = 32


def keep_tape(store: Path, tape: Tape, report: IngestReport | None = None) -> Kept:
    """Put `tape` into the store; the same content once more, under whatever name, changes nothing.

    report: what ingesting it found.  Raises BadTape for what cannot have a place there.
    """
    said = _facts(tape) | {"digest": tape.digest()}
    venue, symbol = checked_name(tape.venue, "venue"), checked_name(tape.instrument.symbol, "symbol")
    # What a tape says makes the key; what its file was called, and how it was read, does not.
    facts = said | {"name": tape.name, "report": report and asdict(report)}
    return keep(store, Draft(key_of("tape", venue, said), "tape", venue, symbol, facts, _tables(tape)))


def tape_in(store: Path, source: Source) -> Tape:
    """The tape that `source` keeps; raises Untrusted when its rows are not those that were put in."""
    folder = folder_of(store, source)
    with trusted(folder):
        tape = _tape(folder, source)
    if tape.digest() != source.facts["digest"]:
        raise Untrusted(f"{folder} holds another tape than was put in: remove it and keep the tape again")
    return tape


def _tape(folder: Path, source: Source) -> Tape:
    facts = source.facts
    with connection() as database:
        kept = {
            kind: read(database, source.paths(folder, kind))
            for kind in dict.fromkeys(part.kind for part in source.parts)
        }
    return Tape(
        name=facts["name"],
        instrument=Instrument(**facts["instrument"]),
        events=_events(kept),
        latency=_rows(kept.get(ORDER_LATENCY, {}), LATENCY),
        channels=tuple(_channel(name, kept) for name in facts["channels"]),
        gaps_ns=_spans(facts["gaps_ns"]),
        sequence_gaps=facts["sequence_gaps"],
        clock_shift_ns=facts["clock_shift_ns"],
        sigma=facts["sigma"],
        lottery=facts["lottery"] and _lottery(facts["lottery"], kept.get(DRAWS, {})),
        outages_ns=_spans(facts["outages_ns"]),
        rounds_ns=tuple(facts["rounds_ns"]),
        venue=source.venue,
    )


def _facts(tape: Tape) -> dict[str, Any]:
    lottery = tape.lottery
    return {
        "instrument": asdict(tape.instrument),
        "channels": _channel_names(tape),
        "gaps_ns": [[int(start), int(end)] for start, end in tape.gaps_ns],
        "sequence_gaps": int(tape.sequence_gaps),
        "clock_shift_ns": int(tape.clock_shift_ns),
        "sigma": None if tape.sigma is None else float(tape.sigma),
        "lottery": lottery and [lottery.intensity, lottery.decay, int(lottery.step_ns), bool(lottery.at_mid)],
        "outages_ns": [[int(start), int(end)] for start, end in tape.outages_ns],
        "rounds_ns": [int(start) for start in tape.rounds_ns],
    }


def _channel_names(tape: Tape) -> list[str]:
    names = [_channel_name(channel.name) for channel in tape.channels]
    if len(set(names)) < len(names):
        raise BadTape(f"tape {tape.name}: two of its side channels have one name ({', '.join(names)})")
    return names


def _channel_name(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").isalnum() and name == name.lower()
    if not plain or len(name) > _LONGEST_CHANNEL:
        raise BadTape(
            f"{name[:_LONGEST_CHANNEL]!r} is no name of a side channel: use up to {_LONGEST_CHANNEL} small "
            "letters, digits and underscores"
        )
    return name


def _tables(tape: Tape) -> Iterator[Table]:
    traded = (tape.events["ev"] & KIND_MASK) == TRADE
    for kind, chosen in ((BOOK, ~traded), (TRADES, traded)):
        yield _chosen(kind, tape.events, np.flatnonzero(chosen))
    yield Table(ORDER_LATENCY, tape.latency["req_ts"], _columns(tape.latency))
    for channel in tape.channels:
        yield Table(
            CHANNEL + channel.name, channel.times_ns, {"time_ns": channel.times_ns, "value": channel.values}
        )
    if tape.lottery is not None:
        draws = tape.lottery.draws
        times_ns = tape.start_ns + np.arange(len(draws)) * tape.lottery.step_ns
        yield Table(DRAWS, times_ns, {"buy": draws[:, 0], "sell": draws[:, 1]})


def _chosen(kind: str, events: Rows, places: NDArray[np.int64]) -> Table:
    chosen = events[places]
    return Table(kind, chosen["exch_ts"], {"place": places} | _columns(chosen))


def _columns(rows: Rows) -> dict[str, NDArray[Any]]:
    return {name: rows[name] for name in rows.dtype.names or ()}


def _rows(columns: Mapping[str, NDArray[Any]], dtype: np.dtype[Any]) -> Rows:
    made = np.zeros(len(next(iter(columns.values()), ())), dtype)
    for name in dtype.names or ():
        if len(made):
            made[name] = columns[name]
    return made


def _events(kept: Mapping[str, Mapping[str, NDArray[Any]]]) -> Rows:
    """Book rows and trades, each at its place again."""
    parts = [kept[kind] for kind in (BOOK, TRADES) if kind in kept]
    places = np.concatenate([part["place"] for part in parts])
    if not np.array_equal(np.sort(places), np.arange(len(places))):
        raise ValueError("rows of the tape are missing")
    made = np.zeros(len(places), EVENT)
    for part in parts:
        for name in EVENT.names or ():
            made[name][part["place"]] = part[name]
    return made


def _channel(name: str, kept: Mapping[str, Mapping[str, NDArray[Any]]]) -> Channel:
    columns = kept.get(CHANNEL + name, {"time_ns": np.zeros(0, np.int64), "value": np.zeros(0)})
    return Channel(name, columns["time_ns"], columns["value"])


def _lottery(stated: list[Any], draws: Mapping[str, NDArray[Any]]) -> Lottery:
    intensity, decay, step_ns, at_mid = stated
    return Lottery(intensity, decay, step_ns, np.column_stack([draws["buy"], draws["sell"]]), at_mid)


def _spans(stated: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in stated)
