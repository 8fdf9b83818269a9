"""Does one quote go together with the others of the same answer?"""

from collections.abc import Sequence

from alphaloop.contract import Quote
from alphaloop.facts.order import Cause, towards
from alphaloop.trading.risk.standing import Bounds, Breach
from alphaloop.trading.want import Want


def quotes_per_side(want: Want, before: Sequence[Want], bounds: Bounds) -> Breach | None:
    """Refuse what comes after MAX_QUOTES_PER_SIDE quotes on its side."""
    limit = bounds.limits.max_quotes_per_side
    if len(before) < limit:
        return None
    count = 1 + len([other for other in before if other.side is want.side])
    return None if count <= limit else Breach("quotes_per_side", Cause.OWN, float(count), float(limit))


def duplicate(quote: Quote, before: Sequence[Quote]) -> Breach | None:
    """Refuse a second quote at the same side and price, as the strategy wrote them."""
    for other in before:
        if other.side == quote.side and other.price == quote.price:
            return Breach("duplicate", Cause.OWN, float(quote.price), None)
    return None


def self_cross(quote: Quote, before: Sequence[Quote]) -> Breach | None:
    """Refuse a quote that would trade with another of the same answer."""
    for other in before:
        if other.side == quote.side:
            continue
        buy, sell = (quote, other) if quote.side == "buy" else (other, quote)
        if not buy.price < sell.price:
            return Breach("self_cross", Cause.OWN, float(quote.price), float(other.price))
    return None


def position(want: Want, before: Sequence[Want], position_lots: int, bounds: Bounds) -> Breach | None:
    """Refuse what could carry the position past MAX_POSITION if it and all others on its side were filled."""
    asked = want.lots
    for other in before:
        if other.side is want.side:
            asked += other.lots
    # Only the order's own direction counts: one that brings the position back is never past the limit.
    if towards(want.side, position_lots) + asked <= bounds.position_lots:
        return None
    worst = position_lots + want.side * asked
    return Breach("position", Cause.OWN, worst * bounds.lot, bounds.limits.max_position)
