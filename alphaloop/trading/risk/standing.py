"""What the rules look at: the limits in exact units, and how things stand."""

import math
from dataclasses import dataclass
from typing import Final

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, Limits
from alphaloop.facts.order import Cause

_ROUNDING: Final = 1e-6
# Older than this is not a market any more: 20 times the slowest diff stream that Binance publishes (100 ms).
MAX_AGE_NS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of risk.py in ticks and lots, rounded so that no limit grows."""

    limits: Limits
    tick: float
    lot: float
    position_lots: int
    order_lots: int
    order_notional: int
    max_age_ns: int


def bounds(limits: Limits, instrument: Instrument, max_age_ns: int = MAX_AGE_NS) -> Bounds:
    """Express limits in an instrument's units; order_notional counts tick × lot.

    Raises BadConfiguration for limits that no number of this instrument's units can hold.
    """
    notional = instrument.tick * instrument.lot
    largest = max(limits.max_position, limits.max_order_size) / instrument.lot
    if not (notional > 0 and largest < math.inf and limits.max_order_value / notional < math.inf):
        raise BadConfiguration(
            f"market.yaml and risk.py: a tick of {instrument.tick:g} and a lot of {instrument.lot:g} cannot "
            "count limits that large; state the instrument's real tick and lot"
        )
    return Bounds(
        limits=limits,
        tick=instrument.tick,
        lot=instrument.lot,
        position_lots=math.floor(limits.max_position / instrument.lot + _ROUNDING),
        order_lots=math.floor(limits.max_order_size / instrument.lot + _ROUNDING),
        order_notional=math.floor(limits.max_order_value / notional + _ROUNDING),
        max_age_ns=max_age_ns,
    )


class Standing:
    """How market and account stand when they are judged: a plain class, because every decision makes several.

    mid: quote currency, None when there is no two-sided book; age_ns: since the exchange sent what is known
    last; equity: quote currency; drawdown: the deepest so far, in shares of starting capital.
    """

    __slots__ = ("age_ns", "drawdown", "equity", "mid", "position_lots", "time_ns")

    def __init__(
        self,
        time_ns: int,
        mid: float | None,
        age_ns: int,
        position_lots: int,
        equity: float,
        drawdown: float,
    ) -> None:
        self.time_ns: Final = time_ns
        self.mid: Final = mid
        self.age_ns: Final = age_ns
        self.position_lots: Final = position_lots
        self.equity: Final = equity
        self.drawdown: Final = drawdown


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule's no: what was measured against which limit."""

    rule: str
    cause: Cause
    value: float | None
    limit: float | None
