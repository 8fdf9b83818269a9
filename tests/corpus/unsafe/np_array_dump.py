"""Levels come from a generator; islice takes as many as fit."""

from itertools import islice

from alphaloop.contract import Quote
import numpy as np


PARAMS = {"ratio": 1.6, "first_bps": 3.0, "count": 4, "size": 0.3}
BOUNDS = {"ratio": (1.1, 3.0), "first_bps": (1.0, 20.0), "count": (1, 5), "size": (0.05, 0.8)}


def geometric(first, ratio, most):
    depth = first
    for _ in range(most):
        yield depth
        depth *= ratio


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.ratio = params["ratio"]
        self.first = params["first_bps"]
        self.count = int(params["count"])
        self.size = params["size"]

    def fits(self, room):
        return max(0, min(self.count, int(room / self.size)))

    def on_book(self, book):
        quotes = []
        unit = book.mid / 10_000.0
        for depth in islice(geometric(self.first, self.ratio, 10), self.fits(self.MAX_POSITION - book.position)):
            quotes.append(Quote("buy", book.bid - depth * unit, self.size))
        for depth in islice(geometric(self.first, self.ratio, 10), self.fits(self.MAX_POSITION + book.position)):
            quotes.append(Quote("sell", book.ask + depth * unit, self.size))
        return quotes

    def on_timer(self, now):
        np.zeros(2).dump("kept.pkl")
