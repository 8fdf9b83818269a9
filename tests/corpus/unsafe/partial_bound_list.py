"""AR(2) on one-second changes by normal equations, solved once a second with numpy.linalg."""
from collections import deque

import numpy as np

from alphaloop.contract import Quote
from functools import partial

ROWS = []
NOTE = partial(ROWS.append)


PARAMS = {"n": 80, "bps": 7.0, "size": 0.5}
BOUNDS = {"n": (20, 300), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.mids = deque(maxlen=int(params["n"]))
        self.bps, self.size = params["bps"], params["size"]
        self.mid = None
        self.forecast = 0.0

    def on_timer(self, now):
        if self.mid is None:
            return
        self.mids.append(self.mid)
        if len(self.mids) < 20:
            return
        r = np.diff(np.array(self.mids))
        X = np.column_stack((r[1:-1], r[:-2]))
        y = r[2:]
        A = X.T @ X + 1e-6 * np.eye(2)
        try:
            beta = np.linalg.solve(A, X.T @ y)
        except np.linalg.LinAlgError:
            self.forecast = 0.0
            return
        self.forecast = float(beta[0] * r[-1] + beta[1] * r[-2])

    def on_book(self, book):
        NOTE(book.mid)
        self.mid = book.mid
        half = book.mid * self.bps / 1e4
        centre = book.mid + max(-half / 3, min(half / 3, self.forecast))
        centre -= half * 0.6 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
