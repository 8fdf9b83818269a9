"""The headline facts of a journal as one row: all of it that is no events."""

import json
from collections.abc import Mapping
from typing import Any

from alphaloop.facts.market import Instrument
from alphaloop.market.journal import Attribution, Journal
from alphaloop.market.tape import Spans

_FACTS = {
    "capital": "DOUBLE",
    "gamma": "DOUBLE",
    "sigma": "DOUBLE",
    "max_position": "DOUBLE",
    "start_ns": "BIGINT",
    "end_ns": "BIGINT",
    "decisions": "BIGINT",
    "breach": "VARCHAR",
    "fault": "VARCHAR",
    "digest": "VARCHAR",
    "messages_per_second": "DOUBLE",
}
_INSTRUMENT = {
    "symbol": "VARCHAR",
    "tick": "DOUBLE",
    "lot": "DOUBLE",
    "maker_bps": "DOUBLE",
    "taker_bps": "DOUBLE",
    "fees_assumed": "BOOLEAN",
    "maintenance_margin": "DOUBLE",
}
_ATTRIBUTION = dict.fromkeys(("spread", "inventory", "fees", "funding"), "DOUBLE")
_LISTS = {"outages_ns": "VARCHAR", "channels": "VARCHAR"}

HEADLINE_TYPES = {
    **_FACTS,
    **{f"instrument_{name}": sql for name, sql in _INSTRUMENT.items()},
    **{f"attribution_{name}": sql for name, sql in _ATTRIBUTION.items()},
    **_LISTS,
}
"""The columns and their SQL types; lists are JSON: outages as pairs of ns, channels by name."""


def headline(journal: Journal) -> dict[str, Any]:
    """The row of `journal`."""
    row = {name: getattr(journal, name) for name in _FACTS}
    row |= {f"instrument_{name}": getattr(journal.instrument, name) for name in _INSTRUMENT}
    row |= {f"attribution_{name}": getattr(journal.attribution, name) for name in _ATTRIBUTION}
    row["outages_ns"] = json.dumps([[int(start), int(end)] for start, end in journal.outages_ns])
    row["channels"] = json.dumps([channel.name for channel in journal.channels])
    return {name: _plain(value, HEADLINE_TYPES[name]) for name, value in row.items()}


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a journal that `row` tells: all but its events and channels."""
    facts = {name: row[name] for name in _FACTS}
    facts["instrument"] = Instrument(**{name: row[f"instrument_{name}"] for name in _INSTRUMENT})
    facts["attribution"] = Attribution(**{name: row[f"attribution_{name}"] for name in _ATTRIBUTION})
    outages: Spans = tuple((start, end) for start, end in json.loads(row["outages_ns"]))
    return facts | {"outages_ns": outages}


def channel_names(row: Mapping[str, Any]) -> list[str]:
    """The names of the side channels, in their order."""
    names: list[str] = json.loads(row["channels"])
    return names


def _plain(value: Any, sql: str) -> Any:
    """Numbers as Python's own, so that a row has one spelling whoever computed it."""
    if value is None:
        return None
    return {"DOUBLE": float, "BIGINT": int, "BOOLEAN": bool, "VARCHAR": str}[sql](value)
