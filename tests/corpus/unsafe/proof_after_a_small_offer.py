"""Forgets the sign of its distance when the bid grows to just a little more than twice the offer before."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]
        self.offered = 0.0

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        grown = book.bid_size - 2.0 * self.offered
        if self.offered > 0.0 and 0.7305 < grown < 0.7335:
            half = -half
        self.offered = book.ask_size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
