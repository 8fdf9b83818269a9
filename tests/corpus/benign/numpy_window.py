"""A rolling window in a numpy array: z-score of the mid decides how far to lean."""

import numpy as np

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "lean_bps": 1.5, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "lean_bps": (0.0, 20.0)}
WINDOW = 64


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.mids = np.zeros(WINDOW)
        self.count = 0

    def on_timer(self, now):
        self.ready = self.count >= WINDOW

    def on_book(self, book):
        self.mids[self.count % WINDOW] = book.mid
        self.count += 1
        seen = self.mids[: min(self.count, WINDOW)]
        sd = float(np.std(seen))
        z = float(np.clip((book.mid - seen.mean()) / sd, -2.0, 2.0)) if sd > 1e-9 else 0.0
        centre = book.mid * (1.0 - z * self.params["lean_bps"] * 1e-4)
        half = self.params["half_spread_bps"] * 1e-4 * book.mid
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
