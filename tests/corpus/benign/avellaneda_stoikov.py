"""Avellaneda & Stoikov (2008): reservation price and optimal spread, with a rolling horizon."""

import math

from alphaloop.contract import Quote

PARAMS = {"gamma": 0.1, "k": 1.5, "horizon_s": 60.0, "size_share": 0.1}
BOUNDS = {"gamma": (0.001, 5.0), "k": (0.1, 50.0), "horizon_s": (1.0, 600.0), "size_share": (0.02, 0.5)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.gamma = params["gamma"]
        self.k = params["k"]
        self.horizon_s = params["horizon_s"]
        self.size = self.MAX_POSITION * params["size_share"]

    def on_book(self, book):
        variance = book.volatility**2 * self.horizon_s
        reservation = book.mid - (book.position / self.MAX_POSITION) * self.gamma * variance
        half = 0.5 * self.gamma * variance + math.log(1.0 + self.gamma / self.k) / self.gamma
        half = max(half, 0.0002 * book.mid)
        half = min(half, 0.015 * book.mid)
        bid = min(reservation - half, book.ask)
        ask = max(reservation + half, book.bid)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
