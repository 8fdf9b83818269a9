from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self):
        half = self.half_spread_bps * self.mid / 1e4
        quotes = []
        if self.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", self.mid - half, self.size))
        if self.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", self.mid + half, self.size))
        return quotes
