"""House of static methods and class constants."""

from alphaloop.contract import Quote

PARAMS = {"base_bps": 4.0, "per_vol": 0.6, "clip": 0.7}
BOUNDS = {"base_bps": (1.0, 40.0), "per_vol": (0.0, 5.0), "clip": (0.1, 1.5)}


class Strategy:
    MAX_POSITION = 10.0
    LEAN = 0.75
    TEN_K = 10_000.0

    def __init__(self, params):
        self.base_bps = float(params["base_bps"])
        self.per_vol = float(params["per_vol"])
        self.clip = float(params["clip"])

    @staticmethod
    def bound(value, low, high):
        return low if value < low else high if value > high else value

    @classmethod
    def bps(cls, price, points):
        return price * points / cls.TEN_K

    def half(self, book):
        raw = self.bps(book.mid, self.base_bps) + self.per_vol * book.volatility
        return self.bound(raw, self.bps(book.mid, 2.0), self.bps(book.mid, 120.0))

    def room(self, side, position):
        return self.MAX_POSITION - position if side == "buy" else self.MAX_POSITION + position

    def on_book(self, book):
        half = self.half(book)
        lean = self.LEAN * half * self.bound(book.position / self.MAX_POSITION, -1.0, 1.0)
        prices = {"buy": book.mid - half - lean, "sell": book.mid + half - lean}
        quotes = []
        for side in ("buy", "sell"):
            size = min(self.clip, self.room(side, book.position))
            if size > 0.001:
                quotes.append(Quote(side, prices[side], size))
        return quotes
