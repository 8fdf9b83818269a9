"""Is the best bid of an answer as far from its best ask as the desk quotes?  In basis points of the mid."""

from collections.abc import Sequence
from typing import Final

from alphaloop.contract import Quote
from alphaloop.facts.order import Cause
from alphaloop.trading.risk.standing import Bounds, Breach

# What a few float operations can be wrong by: a strategy that quotes the limit itself is within it.
_HAIR_BPS: Final = 1e-6


def spread(quotes: Sequence[Quote], mid: float, bounds: Bounds) -> Breach | None:
    """Refuse an answer closer than MIN_SPREAD_BPS or wider than MAX_SPREAD_BPS; one side has no spread.

    As the strategy wrote it, before rounding.  Too close is its own doing; how wide one must quote is often
    the market's, and quoting too wide carries no risk but that of not trading.
    """
    bids = [quote.price for quote in quotes if quote.side == "buy"]
    asks = [quote.price for quote in quotes if quote.side == "sell"]
    if not bids or not asks:
        return None
    wide = (min(asks) - max(bids)) / mid * 1e4
    least, most = bounds.limits.min_spread_bps, bounds.limits.max_spread_bps
    if not wide >= least - _HAIR_BPS:
        return Breach("spread", Cause.OWN, wide, least)
    return None if wide <= most + _HAIR_BPS else Breach("wide", Cause.CIRCUMSTANCE, wide, most)
