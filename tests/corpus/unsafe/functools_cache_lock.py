"""Counts the last trades by side with Counter and shades against the run of one side."""

from collections import Counter, deque

from alphaloop.contract import Quote
from functools import RLock


PARAMS = {"last": 30, "bps": 6.0, "shade": 0.5, "size": 0.6}
BOUNDS = {"last": (5, 200), "bps": (1.0, 40.0), "shade": (0.0, 1.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.lock = RLock()
        self.sides = deque(maxlen=params["last"])
        self.bps = params["bps"]
        self.shade = params["shade"]
        self.size = params["size"]

    def on_trade(self, trade):
        self.sides.append(trade.side)

    def one_sided(self):
        counts = Counter(self.sides)
        total = sum(counts.values())
        return (counts["buy"] - counts["sell"]) / total if total else 0.0

    def on_book(self, book):
        half = book.mid * self.bps / 10_000
        run = self.one_sided() * self.shade
        down = half * (1 + max(0.0, -run)) * (1 + max(0.0, book.position / self.MAX_POSITION))
        up = half * (1 + max(0.0, run)) * (1 + max(0.0, -book.position / self.MAX_POSITION))
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - down, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + up, self.size))
        return quotes
