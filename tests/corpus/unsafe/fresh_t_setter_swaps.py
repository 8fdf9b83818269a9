"""Quotes one size on each side of the mid."""
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "size_share": 0.2}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "size_share": (0.02, 0.5)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size_share = params["size_share"]

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        bid = book.mid - half
        ask = book.mid + half
        size = self.MAX_POSITION * self.size_share
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_fill(self, fill):
        return None

    def on_timer(self, now):
        return None
    @property
    def width(self):
        return 1.0

    @width.getter
    def width(self):
        return 50.0
