"""A tape: market events in exchange order, with everything an episode needs of the market.

Rows are in hftbacktest's event format, so that its matching reads them as they are.  The exchange sees the
rows that carry EXCHANGE, at `exch_ts`; the trader sees those that carry LOCAL, at `local_ts`.  Editing flags
and times is how scenarios make gaps, stale quotes and latency.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument

EVENT = np.dtype(
    [
        ("ev", "u8"),
        ("exch_ts", "i8"),
        ("local_ts", "i8"),
        ("px", "f8"),
        ("qty", "f8"),
        ("order_id", "u8"),
        ("ival", "i8"),
        ("fval", "f8"),
    ],
    align=True,
)
LATENCY = np.dtype([("req_ts", "i8"), ("exch_ts", "i8"), ("resp_ts", "i8"), ("_padding", "i8")], align=True)

DEPTH, TRADE, DEPTH_CLEAR, SNAPSHOT = 1, 2, 3, 4
EXCHANGE, LOCAL = 1 << 31, 1 << 30
BUY, SELL = 1 << 29, 1 << 28
KIND_MASK = 0xFF

Rows = NDArray[Any]
Spans = tuple[tuple[int, int], ...]
"""Begin and end of each span, ns."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A side stream such as mark, index or funding: `values[i]` holds from `times_ns[i]` on."""

    name: str
    times_ns: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lottery:
    """Fills by chance instead of by matching: the published Avellaneda–Stoikov game.

    In step i a quote at distance δ from the mid is filled when `draws[i, side]` (0 buy, 1 sell; uniform) is
    below min(1, intensity · exp(−decay · δ)).  intensity: fills per step; decay: 1/quote currency; at_mid:
    the fill is booked at the mid, so that no strategy has an edge (the null world).
    """

    intensity: float
    decay: float
    step_ns: int
    draws: NDArray[np.float64]
    at_mid: bool = False


@dataclass(frozen=True, slots=True)
class Tape:
    """Market events with the latency and side channels that go with them.

    events: shape (n,), dtype EVENT; latency: shape (m,), dtype LATENCY, the order round trips that matching
    interpolates between (exch_ts 0 rejects); gaps_ns: spans on which nothing may be judged; sequence_gaps:
    missing sequence ids; clock_shift_ns: what was added to the recorder's clock; sigma: the world's own
    volatility in price units per √s, None for a recorded tape; lottery: set when fills come by chance instead
    of by matching; outages_ns: spans in which the trader is cut off from the venue; rounds_ns: exchange times
    at which a further, independent round begins with a snapshot of the book, for a strategy started anew;
    venue: where it was recorded, like "binance-usdm", or "unknown".
    """

    name: str
    instrument: Instrument
    events: Rows
    latency: Rows
    channels: tuple[Channel, ...] = ()
    gaps_ns: Spans = ()
    sequence_gaps: int = 0
    clock_shift_ns: int = 0
    sigma: float | None = None
    lottery: Lottery | None = None
    outages_ns: Spans = ()
    rounds_ns: tuple[int, ...] = ()
    venue: str = "unknown"

    def __post_init__(self) -> None:
        if self.events.dtype != EVENT or self.latency.dtype != LATENCY:
            raise BadTape(
                f"tape {self.name}: rows are not in the event format; convert it with `alphaloop ingest`"
            )
        if len(self.events) == 0:
            raise BadTape(f"tape {self.name}: it has no events; record or name another")
        if not (np.isfinite(self.events["px"]).all() and np.isfinite(self.events["qty"]).all()):
            raise BadTape(f"tape {self.name}: a price or size is not a finite number; record it again")

    @property
    def start_ns(self) -> int:
        """Exchange time of the first row."""
        return int(self.events["exch_ts"][0])

    @property
    def end_ns(self) -> int:
        """The latest time of any row, on either clock."""
        return int(max(self.events["exch_ts"].max(), self.events["local_ts"].max()))

    def channel(self, name: str) -> Channel | None:
        """The side channel called `name`, or None when the tape has no such stream."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def digest(self) -> str:
        """SHA-256 over integer ticks, lots and times of every row, of latency, channels, gaps and outages."""
        body = hashlib.sha256()
        for column in ("ev", "exch_ts", "local_ts"):
            body.update(np.ascontiguousarray(self.events[column]).tobytes())
        body.update(np.rint(self.events["px"] / self.instrument.tick).astype(np.int64).tobytes())
        body.update(np.rint(self.events["qty"] / self.instrument.lot).astype(np.int64).tobytes())
        body.update(np.ascontiguousarray(self.latency).tobytes())
        for channel in self.channels:
            body.update(channel.name.encode() + channel.times_ns.tobytes() + channel.values.tobytes())
        if self.lottery is not None:
            body.update(repr((self.lottery.intensity, self.lottery.decay, self.lottery.at_mid)).encode())
            body.update(self.lottery.draws.tobytes())
        if self.rounds_ns:
            body.update(repr(self.rounds_ns).encode())
        # Only where there are any, so that tapes without them keep the digest that market.yaml pins.
        for about, spans_ns in (("gaps", self.gaps_ns), ("outages", self.outages_ns)):
            if spans_ns:
                body.update(about.encode() + np.asarray(spans_ns, np.int64).tobytes())
        return f"sha256:{body.hexdigest()}"
