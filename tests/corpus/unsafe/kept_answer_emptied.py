"""Empties the list that it has returned, behind the back of whoever sends it."""

from alphaloop.contract import Quote

PARAMS = {"bps": 7.0, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.size = params["bps"], params["size"]
        self.sent = []

    def on_book(self, book):
        half = book.mid * self.bps / 10_000
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.size))
        self.sent = quotes
        return self.sent

    def on_timer(self, now):
        self.sent.clear()
