"""The order that a prover is given, read back from JSON.  It comes from the parent, so it is believed."""

import json
from dataclasses import dataclass
from typing import Any

from alphaloop.contract import Book, Fill, Trade
from alphaloop.facts.market import Instrument, Limits

Heard = Book | Trade | Fill | float


@dataclass(frozen=True, slots=True)
class Start:
    """Where symbols take over; as `beginnings.Beginning`, without the history."""

    heard: tuple[Heard, ...]
    position_lots: int
    open: tuple[tuple[int, int, int], ...]
    now_ns: int
    second_ns: int
    volatility: float
    floor: float


@dataclass(frozen=True, slots=True)
class Task:
    """What to look for and where; as `reach.Reach`, without what only concrete play needs."""

    source: bytes
    instrument: Instrument
    limits: Limits
    capital: float
    level: int
    low_ticks: int
    high_ticks: int
    widest_ticks: int
    sway: float
    most_lots: int
    streams: bool
    starts: tuple[Start, ...]


def task(body: bytes) -> Task:
    """The task that JSON tells of."""
    told = json.loads(body)
    return Task(
        **{
            **told,
            "source": told["source"].encode(),
            "instrument": Instrument(**told["instrument"]),
            "limits": Limits(**told["limits"]),
            "starts": tuple(_start(one) for one in told["starts"]),
        }
    )


def _start(told: dict[str, Any]) -> Start:
    heard = tuple(_heard(one) for one in told["heard"])
    resting = tuple((side, ticks, lots) for side, ticks, lots in told["open"])
    return Start(**{**told, "heard": heard, "open": resting})


def _heard(told: list[Any]) -> Heard:
    kind, *numbers = told
    if kind == "book":
        return Book(*numbers)
    if kind == "second":
        return float(numbers[0])
    return Trade(*numbers) if kind == "trade" else Fill(*numbers)
