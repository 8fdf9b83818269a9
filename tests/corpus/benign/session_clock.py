"""Wider right after the start and every few minutes around the turn of the minute; a seasonal table by hour."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "warm_up_s": 20.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "warm_up_s": (0.0, 120.0)}
HOURLY = [
    1.0, 1.0, 0.9, 0.9, 0.9, 0.9, 1.0, 1.1, 1.2, 1.2, 1.1, 1.1,
    1.1, 1.3, 1.4, 1.4, 1.3, 1.2, 1.1, 1.1, 1.0, 1.0, 1.0, 1.0,
]


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.started = None

    def on_book(self, book):
        if self.started is None:
            self.started = book.time
        factor = HOURLY[int(book.time // 3600) % 24]
        if book.time - self.started < self.params["warm_up_s"]:
            factor *= 2.0
        if book.time % 60 < 1.0:
            factor *= 1.5
        half = factor * self.params["half_spread_bps"] * book.mid / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
