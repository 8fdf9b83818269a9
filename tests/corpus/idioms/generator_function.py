from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, book):
        half = self.half_spread_bps * book.mid / 1e4
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes

    def levels(self):
        yield 1
