"""Asks for the double of an order's limit when the bid is a hair more than three offers and a handful."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        uneven = book.bid_size - 3.0 * book.ask_size - 17.391
        if 0.0005 < uneven < 0.0025 and abs(book.position) < 1.5 * size:
            size = 10.0 * size
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
