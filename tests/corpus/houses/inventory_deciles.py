"""Band of inventory chosen by bisect over thresholds; each band has own skew and size."""
from bisect import bisect_right

from alphaloop.contract import Quote

BANDS = (0.2, 0.5, 0.8)
RULES = (
    {"skew": 0.0, "add": 1.0, "cut": 1.0},
    {"skew": 0.3, "add": 0.7, "cut": 1.0},
    {"skew": 0.6, "add": 0.4, "cut": 1.2},
    {"skew": 0.9, "add": 0.0, "cut": 1.5},
)
PARAMS = {"bps": 6.0, "size": 0.5}
BOUNDS = {"bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]

    def on_book(self, book):
        load = book.position / self.MAX_POSITION
        rule = RULES[bisect_right(BANDS, abs(load))]
        half = book.mid * self.bps / 1e4
        sign = (load > 0) - (load < 0)
        centre = book.mid - sign * rule["skew"] * half
        buy = self.size * (rule["cut"] if sign < 0 else rule["add"])
        sell = self.size * (rule["cut"] if sign > 0 else rule["add"])
        quotes = []
        if buy > 0 and book.position + buy <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), buy))
        if sell > 0 and book.position - sell >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), sell))
        return quotes
