"""Widens with the spread of recent mids."""
from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"window": 40, "width": 2.0, "floor_bps": 4.0, "size_share": 0.1}
BOUNDS = {"window": (10, 100), "width": (0.5, 5.0), "floor_bps": (1.0, 30.0), "size_share": (0.02, 0.3)}
SUMS = np.array([0.0, 0.0])


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.mids = deque(maxlen=40)
        self.width = params["width"]
        self.floor = params["floor_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, book):
        self.mids.append(book.mid)
        if len(self.mids) < 10:
            return []
        mids = np.array(self.mids)
        deviation = float(np.std(mids))
        half = min(max(self.width * deviation, self.floor * book.mid), 0.01 * book.mid)
        bid = book.mid - half
        ask = book.mid + half
        size = self.size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_fill(self, fill):
        return None

    def on_timer(self, now):
        SUMS.fill(now)
        return None
