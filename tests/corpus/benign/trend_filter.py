"""Two moving averages: quotes only the side that the trend does not run over."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 4.0, "fast": 0.2, "slow": 0.02, "trigger_bps": 3.0, "size_share": 0.08}
BOUNDS = {"fast": (0.05, 0.9), "slow": (0.001, 0.2), "trigger_bps": (0.5, 30.0)}


def blend(old, new, weight):
    return new if old is None else old + weight * (new - old)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.p = params
        self.fast = self.slow = None

    def trend_bps(self, mid):
        self.fast = blend(self.fast, mid, self.p["fast"])
        self.slow = blend(self.slow, mid, self.p["slow"])
        return 1e4 * (self.fast - self.slow) / mid

    def on_book(self, book):
        trend = self.trend_bps(book.mid)
        trigger = self.p["trigger_bps"]
        half = self.p["half_spread_bps"] * book.mid / 1e4
        size = self.p["size_share"] * self.MAX_POSITION
        quotes = []
        if trend > -trigger and book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if trend < trigger and book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
