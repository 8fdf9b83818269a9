"""A quote in the exchange's own units."""

import math
from typing import NamedTuple

from alphaloop.contract import Quote
from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Side

# A price or size that is a whole number but for the error of a few float operations is that number.
_ROUNDING = 1e-6
_BUY, _SELL = Side


class Want(NamedTuple):
    """An order that should be resting: a tuple, because there are several for each decision."""

    side: Side
    ticks: int
    lots: int


def wanted(quote: Quote, instrument: Instrument) -> Want:
    """Round a quote passively: a buy down and a sell up to the tick, the size down to the lot.

    The quote must have the form that risk.form asks for; lots may come out as 0.
    """
    lots = math.floor(quote.size / instrument.lot + _ROUNDING)
    if quote.side == "buy":
        return Want(_BUY, math.floor(quote.price / instrument.tick + _ROUNDING), lots)
    return Want(_SELL, math.ceil(quote.price / instrument.tick - _ROUNDING), lots)
