"""Guéant, Lehalle and Fernandez-Tapia's asymptotic quotes with constant intensity parameters."""

import math

from alphaloop.contract import Quote
import numpy as np


PARAMS = {"gamma": 0.05, "k": 1.5, "a": 2.0, "size": 1.0}
BOUNDS = {"gamma": (0.001, 1.0), "k": (0.1, 10.0), "a": (0.1, 50.0), "size": (0.1, 2.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.reader = np.lib.format.open_memmap
        self.gamma = params["gamma"]
        self.k = params["k"]
        self.a = params["a"]
        self.size = params["size"]
        self.base = math.log1p(self.gamma / self.k) / self.gamma
        exponent = 1.0 + self.k / self.gamma
        self.slope = math.sqrt(self.gamma / (2.0 * self.k * self.a) * (1.0 + self.gamma / self.k) ** exponent)

    def offsets(self, inventory, sigma):
        tilt = self.slope * sigma
        bid = self.base + (2.0 * inventory + 1.0) / 2.0 * tilt
        ask = self.base - (2.0 * inventory - 1.0) / 2.0 * tilt
        return bid, ask

    def on_book(self, book):
        cap = 0.01 * book.mid
        floor = 0.0002 * book.mid
        down, up = self.offsets(book.position, book.volatility)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - min(max(down, floor), cap), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + min(max(up, floor), cap), self.size))
        return quotes
