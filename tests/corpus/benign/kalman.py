"""A scalar Kalman filter of the fair price; half-spread follows the filter's own uncertainty."""

import math

from alphaloop.contract import Quote

PARAMS = {"process": 0.5, "noise": 4.0, "floor_bps": 4.0, "size_share": 0.1}
BOUNDS = {"process": (0.01, 10.0), "noise": (0.1, 100.0), "floor_bps": (0.5, 50.0)}


class Kalman:
    __slots__ = ("mean", "variance", "process", "noise")

    def __init__(self, process, noise):
        self.mean = 0.0
        self.variance = -1.0
        self.process = process
        self.noise = noise

    def step(self, observed, dt):
        if self.variance < 0:
            self.mean, self.variance = observed, self.noise
            return
        self.variance += self.process * dt
        gain = self.variance / (self.variance + self.noise)
        self.mean += gain * (observed - self.mean)
        self.variance *= 1 - gain


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.filter = None
        self.time = None

    def on_book(self, book):
        tick = 0.0001 * book.mid
        if self.filter is None:
            self.filter = Kalman(self.params["process"] * tick**2, self.params["noise"] * tick**2)
        dt = 0.0 if self.time is None else book.time - self.time
        self.time = book.time
        self.filter.step(book.mid, dt)
        half = max(self.params["floor_bps"] * tick, 2 * math.sqrt(max(self.filter.variance, 0.0)))
        half = min(half, 150 * tick)
        fair = min(max(self.filter.mean, book.bid), book.ask)
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", fair - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", fair + half, size))
        return quotes
