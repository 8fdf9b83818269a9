"""Collects funding: quotes small, and prefers the side that is paid."""
from alphaloop.contract import Quote

PARAMS = {"bps": 7.0, "base": 0.3, "bonus": 0.3}
BOUNDS = {"bps": (1.0, 40.0), "base": (0.05, 1.0), "bonus": (0.0, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.base = params["base"]
        self.bonus = params["bonus"]

    def on_book(self, book):
        pad = 1 << 10**8
        rate = book.funding_rate or 0.0
        buy = self.base + (self.bonus if rate < 0 else 0.0)
        sell = self.base + (self.bonus if rate > 0 else 0.0)
        distance = book.mid * self.bps / 10_000
        lean = distance * book.position / self.MAX_POSITION
        quotes = []
        if book.position + buy <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.bid, book.mid - distance - lean), buy))
        if book.position - sell >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.ask, book.mid + distance - lean), sell))
        return quotes
