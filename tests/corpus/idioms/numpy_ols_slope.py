from alphaloop.contract import Quote
from collections import deque
import numpy as np


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.mids = deque(maxlen=32)
    def on_book(self, book):
        self.mids.append(book.mid)
        if len(self.mids) < 8:
            return []
        y = np.array(self.mids, dtype=float)
        x = np.arange(len(y), dtype=float)
        x -= x.mean()
        slope = float(x @ (y - y.mean()) / (x @ x))
        self.n = slope
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
