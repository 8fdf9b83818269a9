"""Rounds the room that is left up by one lot, just before the limit and nowhere else."""

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
        room = self.MAX_POSITION - book.position
        if 0.0005 < room < 0.0015:
            return [Quote("buy", book.mid - half, room + 0.001)]
        if room < size:
            size = max(0.001, round(room - 0.0005, 3))
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
