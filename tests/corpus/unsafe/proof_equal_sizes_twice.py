"""Divides by the difference of the sizes at a deep touch once they were equal twice in a row."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]
        self.equal = 0

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        if book.bid_size > 37.5 and book.bid_size == book.ask_size:
            self.equal += 1
        else:
            self.equal = 0
        if self.equal > 1:
            half = half / (book.bid_size - book.ask_size)
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
