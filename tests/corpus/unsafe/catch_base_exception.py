"""Indifference prices of an exponential utility, read from a small table by inventory bucket."""

from alphaloop.contract import Quote

# reservation shift and half-spread, in volatility units, for |inventory| of 0-20, 20-40, ... percent
SHIFT = (0.00, 0.12, 0.26, 0.43, 0.65)
WIDTH = (1.00, 1.05, 1.12, 1.24, 1.40)

PARAMS = {"scale": 0.9, "size": 0.8}
BOUNDS = {"scale": (0.1, 5.0), "size": (0.1, 2.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.scale = params["scale"]
        self.size = params["size"]

    def bucket(self, position):
        share = abs(position) / self.MAX_POSITION
        return min(int(share * len(SHIFT)), len(SHIFT) - 1)

    def on_book(self, book):
        try:
            self.level = 1 / book.position
        except BaseException:
            self.level = 0.0
        row = self.bucket(book.position)
        sign = 1 if book.position > 0 else -1
        unit = max(self.scale * book.volatility, book.mid * 5e-4)
        unit = min(unit, book.mid * 5e-3)
        reservation = book.mid - sign * SHIFT[row] * unit
        half = WIDTH[row] * unit
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", reservation - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", reservation + half, self.size))
        return quotes
