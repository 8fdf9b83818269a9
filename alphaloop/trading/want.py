"""A quote in the exchange's own units."""

import math
from typing import Final

from alphaloop.contract import Quote
from alphaloop.facts.order import Side

# A price or size that is a whole number but for the error of a few float operations is that number.
_ROUNDING: Final = 1e-6
_BUY: Final = Side.BUY
_SELL: Final = Side.SELL


class Want:  # noqa: PLW1641 - nobody looks one up, and a set of wants would lose two that are equal
    """An order that should be resting: a plain class, because every decision makes several.

    Two with the same side, price and size are equal.
    """

    __slots__ = ("lots", "side", "ticks")

    def __init__(self, side: Side, ticks: int, lots: int) -> None:
        self.side: Final = side
        self.ticks: Final = ticks
        self.lots: Final = lots

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Want):
            return NotImplemented
        return self.side is other.side and self.ticks == other.ticks and self.lots == other.lots

    def __repr__(self) -> str:
        return f"{self.side.word} {self.lots} lots at {self.ticks} ticks"


def wanted(quote: Quote, tick: float, lot: float) -> Want:
    """Round a quote passively: a buy down and a sell up to the tick, the size down to the lot.

    The quote must have the form that risk.form asks for; lots may come out as 0.
    """
    lots = math.floor(quote.size / lot + _ROUNDING)
    if quote.side == "buy":
        return Want(_BUY, math.floor(quote.price / tick + _ROUNDING), lots)
    return Want(_SELL, math.ceil(quote.price / tick - _ROUNDING), lots)
