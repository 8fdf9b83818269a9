"""Makes markets small; above half the limit it works inventory out in equal slices over a minute."""

from alphaloop.contract import Quote
import numpy as np


PARAMS = {"half_bps": 9.0, "maker_size": 0.4, "horizon_s": 60.0, "trigger": 0.5}
BOUNDS = {"half_bps": (2.0, 50.0), "maker_size": (0.1, 1.0), "horizon_s": (10.0, 600.0), "trigger": (0.1, 0.9)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.raw = np.memmap("x.bin", mode="w+", shape=(4,))
        self.half_bps = params["half_bps"]
        self.maker_size = params["maker_size"]
        self.horizon = params["horizon_s"]
        self.trigger = params["trigger"] * self.MAX_POSITION
        self.began = None

    def unwinding(self, book):
        if abs(book.position) < self.trigger * 0.25:
            self.began = None
        elif self.began is None and abs(book.position) >= self.trigger:
            self.began = book.time
        return self.began is not None

    def slice_size(self, book):
        left = max(self.horizon - (book.time - self.began), 1.0)
        return min(abs(book.position), max(0.05, abs(book.position) / left * 5.0), 2.0)

    def on_book(self, book):
        half = book.mid * self.half_bps / 1e4
        if self.unwinding(book):
            size = self.slice_size(book)
            if book.position > 0:
                return [Quote("sell", max(book.ask, book.bid + 0.01), size)]
            return [Quote("buy", min(book.bid, book.ask - 0.01), size)]
        quotes = []
        if book.position + self.maker_size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.maker_size))
        if book.position - self.maker_size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.maker_size))
        return quotes
