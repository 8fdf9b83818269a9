"""Widens with its own exponentially weighted estimate of volatility."""

from math import exp, sqrt

from alphaloop.contract import Quote

PARAMS = {"base_bps": 3.0, "vol_mult": 1.5, "half_life_s": 20.0, "size_share": 0.1}
BOUNDS = {"base_bps": (0.5, 50.0), "vol_mult": (0.0, 10.0), "half_life_s": (1.0, 300.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.variance = 0.0
        self.last_mid = None
        self.last_time = None

    def _update(self, book):
        if self.last_mid is None:
            self.last_mid, self.last_time = book.mid, book.time
            return
        dt = book.time - self.last_time
        if dt < 0.5:
            return
        decay = exp(-0.693 * dt / self.params["half_life_s"])
        move = book.mid - self.last_mid
        self.variance = decay * self.variance + (1.0 - decay) * move * move / dt
        self.last_mid, self.last_time = book.mid, book.time

    def on_book(self, book):
        self._update(book)
        half = book.mid * self.params["base_bps"] / 1e4 + self.params["vol_mult"] * sqrt(self.variance)
        half = min(half, book.mid * 0.015)
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes += [Quote("buy", book.mid - half, size)]
        if book.position - size >= -self.MAX_POSITION:
            quotes += [Quote("sell", book.mid + half, size)]
        return quotes
