"""Weighted mean of recent trades as fair value, weights halving by age, all in numpy."""
from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"trades": 50, "half_life": 10.0, "bps": 8.0, "size": 0.5}
BOUNDS = {"trades": (5, 300), "half_life": (1.0, 100.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        it = self.walk()
        self.steps_left = it
        n = int(params["trades"])
        self.prices = deque(maxlen=n)
        self.sizes = deque(maxlen=n)
        self.decay = np.power(0.5, np.arange(n)[::-1] / params["half_life"])
        self.bps = params["bps"]
        self.size = params["size"]

    def on_trade(self, trade):
        self.prices.append(trade.price)
        self.sizes.append(trade.size)

    def fair(self, mid):
        n = len(self.prices)
        if n < 5:
            return mid
        weights = self.decay[-n:] * np.array(self.sizes)
        total = weights.sum()
        if not np.isfinite(total) or total <= 0:
            return mid
        return float(np.dot(weights, np.array(self.prices)) / total)

    def on_book(self, book):
        self.step_now = next(self.steps_left, 0)
        half = book.mid * self.bps / 1e4
        lean = max(-0.5 * half, min(0.5 * half, self.fair(book.mid) - book.mid))
        centre = book.mid + lean - 0.5 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes

    def walk(self):
        for n in range(5):
            yield n
