"""Remembers every state of the touch."""

from alphaloop.contract import Quote

PARAMS = {"bps": 7.0, "size": 0.5}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.size = params["bps"], params["size"]
        self.states = {}

    def on_book(self, book):
        self.states[(round(book.bid_size, 3), round(book.bid, 2))] = True
        half = book.mid * self.bps / 10_000
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes
