"""What one episode left behind: the recorded events that every metric is computed from, one way only."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Refusal
from alphaloop.market.tape import Channel, Spans

FILL = np.dtype(
    [
        ("order", "i8"),
        ("matched_ns", "i8"),
        ("received_ns", "i8"),
        ("side", "i8"),
        ("ticks", "i8"),
        ("lots", "i8"),
        ("mid", "f8"),
        ("decision_mid", "f8"),
        ("fee", "f8"),
    ],
    align=True,
)
"""One fill: side is the sign of the position that it adds, mid the mid at the match, decision_mid the mid
that the strategy saw when it first asked for the order, fee in quote currency (negative is a rebate).
"""

SUBMIT, CANCEL, REJECT = 1, 2, 3
ORDER = np.dtype(
    [("time_ns", "i8"), ("order", "i8"), ("verb", "i8"), ("side", "i8"), ("ticks", "i8"), ("lots", "i8")],
    align=True,
)
"""One message of an order, ticks and lots those of the order: SUBMIT and CANCEL are handed to the exchange;
REJECT is its answer, or nobody's on a dead line, when the order never rested.
"""

FUNDING = np.dtype([("time_ns", "i8"), ("rate", "f8"), ("price", "f8"), ("received", "f8")], align=True)
"""One settlement: rate of the interval, the price that the position was valued at, and what was received in
quote currency (negative was paid).
"""
FUNDING_INTERVAL_NS = 8 * 3_600 * 1_000_000_000
"""Between two settlements, and what a funding rate is for: Binance USD-M at 00:00, 08:00 and 16:00 UTC."""

MARK = np.dtype([("time_ns", "i8"), ("mid", "f8"), ("position_lots", "i8"), ("equity", "f8")], align=True)
"""The account at one moment, marked to the mid (or to the mark stream where there is one), in quote currency.
"""

MID = np.dtype([("time_ns", "i8"), ("mid", "f8")], align=True)
"""The mid from `time_ns` on, at the exchange."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where the PnL came from, in quote currency: pnl = spread + inventory − fees + funding."""

    spread: float
    inventory: float
    fees: float
    funding: float


@dataclass(frozen=True, slots=True)
class Journal:
    """One strategy's run over one tape.

    fills dtype FILL, marks dtype MARK (every event at which the account changed, every decision, and the
    end), mids dtype MID; sigma: the world's volatility in price units per √s, the same for both sides of a
    pair; tick_to_trade_ms: wall time, never in a digest; breach: the hard limit that ended the run, "" if
    none; fault: how the strategy misbehaved, "" if not; orders dtype ORDER, funding dtype FUNDING; channels
    and outages_ns are the tape's; messages_per_second: order messages that are allowed in any second, None
    when nobody said.
    """

    instrument: Instrument
    capital: float
    gamma: float
    sigma: float | None
    max_position: float
    start_ns: int
    end_ns: int
    fills: NDArray[Any]
    marks: NDArray[Any]
    mids: NDArray[Any]
    attribution: Attribution
    decisions: int
    refusals: tuple[Refusal, ...]
    tick_to_trade_ms: NDArray[np.float64]
    breach: str
    fault: str
    digest: str
    orders: NDArray[Any] = field(default_factory=lambda: np.zeros(0, ORDER))
    funding: NDArray[Any] = field(default_factory=lambda: np.zeros(0, FUNDING))
    channels: tuple[Channel, ...] = ()
    outages_ns: Spans = ()
    messages_per_second: float | None = None

    def channel(self, name: str) -> Channel | None:
        """The side channel called `name`, or None when the tape has no such stream."""
        return next((channel for channel in self.channels if channel.name == name), None)
