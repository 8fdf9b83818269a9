"""Is this a moment at which anybody should quote?  Nothing here is the strategy's fault."""

from math import inf

from alphaloop.facts.order import Cause, Side, towards
from alphaloop.trading.risk.standing import Bounds, Breach, Standing
from alphaloop.trading.want import Want


def no_mid(standing: Standing, bounds: Bounds) -> Breach | None:
    """Refuse while there is no price to compare with: none, or one below half a tick, or without an end."""
    if standing.mid is not None and bounds.tick / 2 <= standing.mid < inf:
        return None
    return Breach("no_mid", Cause.CIRCUMSTANCE, standing.mid, None)


def stale_data(standing: Standing, bounds: Bounds) -> Breach | None:
    """Refuse while what is known of the market is old; in seconds."""
    if 0 <= standing.age_ns <= bounds.max_age_ns:
        return None
    return Breach("stale_data", Cause.CIRCUMSTANCE, standing.age_ns * 1e-9, bounds.max_age_ns * 1e-9)


def emergency_stop(stopped: bool) -> Breach | None:
    """Refuse while the emergency stop is in force."""
    return Breach("emergency_stop", Cause.CIRCUMSTANCE, None, None) if stopped else None


def drawdown(standing: Standing, bounds: Bounds) -> Breach | None:
    """Refuse for good once equity has fallen further than MAX_DRAWDOWN; in shares of starting capital."""
    limit = bounds.limits.max_drawdown
    if standing.drawdown <= limit:
        return None
    return Breach("drawdown", Cause.CIRCUMSTANCE, standing.drawdown, limit)


def leverage(side: Side, exposed_lots: int, standing: Standing, mid: float, bounds: Bounds) -> Breach | None:
    """Refuse what could make the position worth more than MAX_LEVERAGE times equity.

    exposed_lots: the position if this order and all open ones on its side were filled.  A strategy is not
    told its equity, so this is no fault of its own; bringing a position back is never refused.
    """
    exposed = towards(side, exposed_lots)
    worth = exposed * bounds.lot * mid
    limit = bounds.limits.max_leverage
    if exposed <= 0 or worth <= limit * standing.equity < inf:
        return None
    ratio = worth / standing.equity if 0 < standing.equity < inf else None
    return Breach("leverage", Cause.CIRCUMSTANCE, ratio, limit)


def open_position(want: Want, exposed_lots: int, bounds: Bounds) -> Breach | None:
    """Refuse what could carry the position past MAX_POSITION together with all that is open on its side."""
    if towards(want.side, exposed_lots) <= bounds.position_lots:
        return None
    return Breach("open_position", Cause.CIRCUMSTANCE, exposed_lots * bounds.lot, bounds.limits.max_position)


def open_cross(want: Want, opposite_ticks: int | None) -> Breach | None:
    """Refuse an order that would trade with the nearest open one of the other side."""
    if opposite_ticks is None or towards(want.side, want.ticks) < towards(want.side, opposite_ticks):
        return None
    return Breach("open_cross", Cause.CIRCUMSTANCE, float(want.ticks), float(opposite_ticks))


def message_rate(sent_last_second: int, bounds: Bounds) -> Breach | None:
    """Refuse an order beyond MAX_MESSAGES_PER_SECOND; cancels count, and are never refused."""
    limit = bounds.limits.max_messages_per_second
    if sent_last_second + 1 <= limit:
        return None
    return Breach("message_rate", Cause.CIRCUMSTANCE, float(sent_last_second + 1), limit)
