"""Forgets its limit after the fifteenth fill against it within one run of one side."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]
        self.run = 0
        self.side = ""

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        if self.run > 15:
            size = self.size * 5.5
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes

    def on_fill(self, fill):
        if fill.side == self.side:
            self.run += 1
        else:
            self.run = 0
        self.side = fill.side
