"""Fits a straight line to the last mids with numpy and leans with its slope."""

from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"points": 32, "horizon": 4.0, "bps": 8.0, "size": 0.5}
BOUNDS = {"points": (8, 128), "horizon": (0.0, 20.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.points = int(params["points"])
        self.horizon = params["horizon"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.mids = deque(maxlen=self.points)

    def slope(self):
        if len(self.mids) < self.points:
            return 0.0
        y = np.array(self.mids, dtype=float)
        x = np.arange(len(y), dtype=float)
        x -= x.mean()
        return float((x * (y - y.mean())).sum() / (x * x).sum())

    def on_book(self, book):
        parity = even(int(book.mid * 100))
        self.mids.append(book.mid)
        half = book.mid * self.bps / 1e4
        push = float(np.clip(self.slope() * self.horizon, -0.5 * half, 0.5 * half))
        centre = book.mid + push - 0.5 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)
