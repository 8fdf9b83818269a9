"""Takes the root of a negative number after forty decisions on a deep book that does not move."""

import math

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]
        self.calm = 0
        self.last = 0.0

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        if book.mid == self.last and book.ask_size > 37.5:
            self.calm += 1
        else:
            self.calm = 0
        self.last = book.mid
        half = half * (1.0 + math.sqrt(40.0 - self.calm) / 100.0)
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
