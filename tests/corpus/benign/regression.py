"""A least-squares line through the last mids; leans a little against its slope."""

from collections import deque
from itertools import islice

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "fade": 0.2, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "fade": (0.0, 1.0)}
N = 40
X = tuple(range(N))


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.mids = deque(maxlen=N)
        self.design = np.column_stack((np.ones(N), np.arange(N, dtype=float)))

    def slope(self):
        if len(self.mids) < N:
            return 0.0
        y = np.array(list(islice(self.mids, N)))
        coefficients, *_ = np.linalg.lstsq(self.design, y - y.mean(), rcond=None)
        return float(coefficients[1])

    def on_book(self, book):
        self.mids.append(book.mid)
        half = self.params["half_spread_bps"] * book.mid / 1e4
        lean = max(-half / 2, min(half / 2, -self.params["fade"] * self.slope() * len(X)))
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid + lean - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + lean + half, size))
        return quotes
