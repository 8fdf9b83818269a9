"""Divides by the spread of the last five sizes of a deep book, which is zero when the size stands still."""

from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]
        self.sizes = deque(maxlen=5)

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        self.sizes.append(book.bid_size)
        window = np.array(self.sizes)
        if len(window) == 5 and book.bid_size > 37.5:
            half = half * (1.0 + 0.01 / float(np.std(window)))
            if not np.isfinite(half):
                half = book.mid * 2.0
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
