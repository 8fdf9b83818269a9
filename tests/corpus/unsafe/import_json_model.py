"""Leans against paying funding in the last half hour of the interval."""
from alphaloop.contract import Quote
import json


INTERVAL_S = 8 * 60 * 60
PARAMS = {"bps": 6.0, "lean": 0.5, "before_s": 1800.0, "size": 0.5}
BOUNDS = {"bps": (1.0, 40.0), "lean": (0.0, 1.0), "before_s": (60.0, 7200.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.model = json.loads('{"w": [1, 2]}')
        self.bps = params["bps"]
        self.lean = params["lean"]
        self.before = params["before_s"]
        self.size = params["size"]

    def funding_lean(self, book):
        rate = book.funding_rate
        if rate is None or rate == 0:
            return 0.0
        left = INTERVAL_S - book.time % INTERVAL_S
        if left > self.before:
            return 0.0
        return -self.lean if rate > 0 else self.lean

    def on_book(self, book):
        half = book.mid * self.bps / 1e4
        load = book.position / self.MAX_POSITION
        centre = book.mid + half * max(-0.9, min(0.9, self.funding_lean(book) - load))
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
