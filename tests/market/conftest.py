"""Hand-made journals and recordings for the tests of the market."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from alphaloop.facts.market import Instrument
from alphaloop.market.journal import FILL, MARK, MID, ORDER, Attribution, Journal
from alphaloop.market.tape import Channel

SECOND = 1_000_000_000
Maker = Callable[..., Journal]


def _journal(
    *,
    fills: Sequence[tuple[float, int, int, int, float, float]] = (),
    marks: Sequence[tuple[float, ...]] = (),
    orders: Sequence[tuple[float, int, int, int]] = (),
    streams: Mapping[str, Sequence[tuple[float, float]]] = MappingProxyType({}),
    mids: Sequence[tuple[float, float]] = (),
    end_s: float = 10.0,
    **changes: Any,
) -> Journal:
    """Columns: fills (s, side, ticks, lots, mid, decided at), the k-th of order k; mids (s, mid).

    marks (s, lots, equity and, unless 100, the mark); orders (s, order, verb, lots); streams (s, value).
    """
    marked = [(round(s * SECOND), *(mark or (100.0,)), lots, equity) for s, lots, equity, *mark in marks]
    rows = [
        (place, round(s * SECOND), round(s * SECOND), side, t, n, m, d, 0.0)
        for place, (s, side, t, n, m, d) in enumerate(fills, 1)
    ]
    fields = {
        "instrument": Instrument("TEST", 0.01, 0.1, 0.0, 0.0),
        "capital": 1000.0,
        "gamma": 0.1,
        "sigma": 0.5,
        "max_position": 10.0,
        "start_ns": 0,
        "end_ns": round(end_s * SECOND),
        "fills": np.array(rows, FILL),
        "marks": np.array(marked, MARK),
        "mids": np.array([(round(s * SECOND), mid) for s, mid in mids], MID),
        "attribution": Attribution(0.0, 0.0, 0.0, 0.0),
        "decisions": 1,
        "refusals": (),
        "tick_to_trade_ms": np.zeros(0),
        "breach": "",
        "fault": "",
        "digest": "sha256:0",
        "orders": np.array([(round(s * SECOND), n, verb, 1, 0, lots) for s, n, verb, lots in orders], ORDER),
        "channels": tuple(_channel(name, rows) for name, rows in streams.items()),
    }
    return Journal(**(fields | changes))


def _channel(name: str, rows: Sequence[tuple[float, float]]) -> Channel:
    times_ns = np.array([round(s * SECOND) for s, _ in rows], np.int64)
    return Channel(name, times_ns, np.array([value for _, value in rows], np.float64))


@pytest.fixture(scope="session")
def journal_of() -> Maker:
    return _journal


class Recorder:
    """Writes a recording as the venue would have sent it; times in ms, the recorder's clock 1.27 s behind."""

    LAG_NS = -1_270_000_000

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, ms: int, message: dict[str, Any], delay_ms: float = 5.0) -> "Recorder":
        stamp = (1_700_000_000_000 + ms) * 1_000_000 + self.LAG_NS + round(delay_ms * 1e6)
        self.lines.append(f"{stamp} {json.dumps(message)}")
        return self

    def diff(
        self, ms: int, ids: tuple[int, int, int], bids: Any = (), asks: Any = (), **how: float
    ) -> "Recorder":
        first, last, before = ids
        body = {"e": "depthUpdate", "E": 1_700_000_000_000 + ms, "T": 1_700_000_000_000 + ms, "s": "BTCUSDT"}
        body |= {"U": first, "u": last, "pu": before, "b": list(bids), "a": list(asks)}
        return self.line(ms, {"stream": "btcusdt@depth@0ms", "data": body}, **how)

    def trade(self, ms: int, number: int, price: str, size: str, *, sold: bool, **how: float) -> "Recorder":
        body = {
            "e": "trade",
            "E": 1_700_000_000_000 + ms,
            "T": 1_700_000_000_000 + ms,
            "s": "BTCUSDT",
            "t": number,
        }
        body |= {"p": price, "q": size, "X": "MARKET", "m": sold}
        return self.line(ms, {"stream": "btcusdt@trade", "data": body}, **how)

    def snapshot(self, ms: int, last: int, bids: Any, asks: Any) -> "Recorder":
        body = {"lastUpdateId": last, "E": 1_700_000_000_000 + ms, "T": 1_700_000_000_000 + ms}
        return self.line(ms, body | {"bids": list(bids), "asks": list(asks)}, delay_ms=50.0)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()
