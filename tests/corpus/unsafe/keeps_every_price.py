"""Remembers every price that it ever saw."""

from alphaloop.contract import Quote

PARAMS = {"bps": 7.0, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.size = params["bps"], params["size"]
        self.seen = set()

    def on_book(self, book):
        self.seen.add(round(book.mid, 2))
        half = book.mid * self.bps / 10_000
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes
