"""Re-estimates its spread only on the timer, every ten seconds, from the range since the last time."""
from alphaloop.contract import Quote

PARAMS = {"every_s": 10, "share": 0.4, "size": 0.5}
BOUNDS = {"every_s": (2, 120), "share": (0.05, 2.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.every_s = params["every_s"]
        self.share = params["share"]
        self.size = params["size"]
        self.ticks = 0
        self.high = self.low = self.mid = None
        self.half = None

    def on_timer(self, now):
        self.ticks += 1
        if self.mid is None:
            return
        self.high = max(self.high, self.mid)
        self.low = min(self.low, self.mid)
        if self.ticks % self.every_s == 0:
            self.half = self.share * (self.high - self.low)
            self.high = self.low = self.mid

    def on_book(self, book):
        self.shade = "buy".__hash__() % 5
        if self.mid is None:
            self.high = self.low = book.mid
        self.mid = book.mid
        if self.half is None:
            return []
        half = min(max(self.half, 4e-4 * book.mid), 1e-2 * book.mid)
        lean = half * 0.8 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half - lean, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half - lean, self.size))
        return quotes
