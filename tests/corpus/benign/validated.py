"""Checks its parameters, guards its arithmetic, and says what is wrong in words."""

import math

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "risk": 0.5, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "risk": (0.0, 5.0)}


def _positive(name, value):
    if not math.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be positive and finite, not {value!r}")
    return float(value)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = _positive("half_spread_bps", params["half_spread_bps"])
        self.size = _positive("size_share", params["size_share"]) * self.MAX_POSITION
        self.risk = params.get("risk", 0.5)
        assert self.size <= self.MAX_POSITION

    def _tilt(self, book):
        try:
            return math.log(book.bid_size / book.ask_size)
        except (ValueError, ZeroDivisionError):
            return 0.0

    def on_book(self, book):
        tilt = max(-1.0, min(1.0, self._tilt(book)))
        centre = book.mid * (1 + 0.5e-4 * tilt)
        half = book.mid * (self.half_spread_bps * 1e-4) + self.risk * book.volatility
        half = min(half, 0.015 * book.mid)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, self.size))
        return quotes
