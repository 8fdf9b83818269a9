"""Is one order where and as large as an order may be?

Asked of every quote, and once more when its order goes: until then the market may have moved.
"""

from alphaloop.facts.order import Cause
from alphaloop.trading.risk.standing import Bounds, Breach
from alphaloop.trading.want import Want


def some_price(want: Want, bounds: Bounds) -> Breach | None:
    """Refuse a price that rounds to nothing; in quote currency."""
    if want.ticks > 0:
        return None
    return Breach("number", Cause.OWN, want.ticks * bounds.tick, bounds.tick)


def some_size(want: Want, bounds: Bounds) -> Breach | None:
    """Refuse an order of nothing or less; a quote below one lot is no offence, and becomes no order."""
    if want.lots > 0:
        return None
    return Breach("number", Cause.OWN, want.lots * bounds.lot, bounds.lot)


def collar(want: Want, mid: float, bounds: Bounds) -> Breach | None:
    """Refuse a price further from the mid than the collar; in basis points of the mid."""
    away = abs(want.ticks * bounds.tick - mid) / mid * 1e4
    # Passive rounding may push a quote by up to one tick, which is not the strategy's doing.
    allowed = bounds.limits.price_collar_bps + bounds.tick / mid * 1e4
    return None if away <= allowed else Breach("collar", Cause.OWN, away, bounds.limits.price_collar_bps)


def order_size(want: Want, bounds: Bounds) -> Breach | None:
    """Refuse an order larger than MAX_ORDER_SIZE; in base units."""
    if want.lots <= bounds.order_lots:
        return None
    return Breach("order_size", Cause.OWN, want.lots * bounds.lot, bounds.limits.max_order_size)


def order_value(want: Want, bounds: Bounds) -> Breach | None:
    """Refuse an order worth more than MAX_ORDER_VALUE; in quote currency."""
    notional = want.ticks * want.lots
    if notional <= bounds.order_notional:
        return None
    return Breach(
        "order_value", Cause.OWN, notional * bounds.tick * bounds.lot, bounds.limits.max_order_value
    )
