"""Is this answer a quote at all?  Exact types, finite and positive numbers, a known side."""

import math
from typing import Any

from alphaloop.contract import Quote
from alphaloop.facts.order import Cause
from alphaloop.trading.risk.standing import Breach


def form(quote: object) -> Breach | None:
    """Refuse what is not a Quote with a side, a price above 0 and a size of 0 or more, exact and finite.

    A size of 0 is a quote that is not wanted, and becomes no order.

    A subclass of float may answer every comparison as it likes, hence the exact type.
    """
    if type(quote) is not Quote:
        return Breach("number", Cause.OWN, None, None)
    # What its fields hold is not what they are declared to hold, and is not to be taken for it.
    unread: Any = quote
    for number in (unread.price, unread.size):
        if type(number) is not float and type(number) is not int:
            return Breach("number", Cause.OWN, None, None)
        # An int beyond the floats would overflow later, in the middle of the arithmetic.
        if not 0 <= number < 1e15:
            return Breach("number", Cause.OWN, _shown(number), 0.0)
    if unread.price == 0:
        return Breach("number", Cause.OWN, 0.0, 0.0)
    if type(unread.side) is not str or unread.side not in ("buy", "sell"):
        return Breach("side", Cause.OWN, None, None)
    return None


def _shown(number: Any) -> float | None:
    return float(number) if abs(number) < 1e300 and math.isfinite(number) else None
