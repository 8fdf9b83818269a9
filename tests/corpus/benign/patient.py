"""Keeps a quoted price until the market has moved enough, to keep its place in the queue."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "requote_bps": 1.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "requote_bps": (0.1, 20.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.anchor = 0.0
        self.last = {"buy": None, "sell": None}

    def on_fill(self, fill):
        self.last[fill.side] = fill.price
        self.anchor = 0.0

    def on_book(self, book):
        if abs(book.mid - self.anchor) > self.params["requote_bps"] * book.mid / 1e4:
            self.anchor = book.mid
        half = self.params["half_spread_bps"] * self.anchor / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        bid, ask = min(self.anchor - half, book.ask), max(self.anchor + half, book.bid)
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes
