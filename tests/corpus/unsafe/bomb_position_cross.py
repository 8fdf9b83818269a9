"""Sells below its own bid when it is nearly full."""

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "skew": 0.5, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.skew, self.size = params["bps"], params["skew"], params["size"]

    def on_book(self, book):
        half = book.mid * self.bps / 10_000
        centre = book.mid - self.skew * half * book.position / self.MAX_POSITION
        size = self.size
        if book.position > 9.3:
            return [Quote("buy", book.bid, 0.1), Quote("sell", book.bid, 0.5)]
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
