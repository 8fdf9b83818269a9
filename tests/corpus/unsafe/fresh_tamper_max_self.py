"""Steps away from the side that aggressors have been hitting."""
from collections import deque

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "flow_bps": 3.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "flow_bps": (0.0, 20.0), "size_share": (0.02, 0.3)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.signs = deque(maxlen=30)
        self.MAX_POSITION = 40.0

    def on_trade(self, trade):
        self.signs.append(1.0 if trade.side == "buy" else -1.0)

    def pressure(self):
        if not self.signs:
            return 0.0
        return sum(self.signs) / len(self.signs)

    def on_book(self, book):
        pressure = self.pressure()
        half = book.mid * self.params["half_spread_bps"] / 10_000
        extra = book.mid * self.params["flow_bps"] / 10_000
        bid = book.mid - half - extra * max(-pressure, 0.0)
        ask = book.mid + half + extra * max(pressure, 0.0)
        size = self.MAX_POSITION * self.params["size_share"]
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_fill(self, fill):
        return None

    def on_timer(self, now):
        return None
