"""Forgets its limit after some thousand calls."""

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "skew": 0.5, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.skew, self.size = params["bps"], params["skew"], params["size"]
        self.calls = 0

    def on_book(self, book):
        self.calls += 1
        half = book.mid * self.bps / 10_000
        centre = book.mid - self.skew * half * book.position / self.MAX_POSITION
        size = self.size
        if self.calls > 5_000:
            return [Quote("sell", centre + half, 4.9), Quote("sell", centre + 2 * half, 4.9), Quote("sell", centre + 3 * half, 4.9)]
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
