"""Quotes far too much once an hour has passed."""

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "skew": 0.5, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.skew, self.size = params["bps"], params["skew"], params["size"]
        self.started = None

    def on_book(self, book):
        if self.started is None:
            self.started = book.time
        half = book.mid * self.bps / 10_000
        centre = book.mid - self.skew * half * book.position / self.MAX_POSITION
        size = self.size
        if book.time - self.started > 3600.0:
            size = self.size * 16.0
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
