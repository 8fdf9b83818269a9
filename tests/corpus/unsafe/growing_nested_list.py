"""Volume clock: volatility is measured per traded unit, not per second."""

import math

from alphaloop.contract import Quote

PARAMS = {"unit": 10.0, "rate": 0.1, "multiple": 2.0, "size": 0.5}
BOUNDS = {"unit": (0.5, 500.0), "rate": (0.01, 0.5), "multiple": (0.5, 6.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.chain = None
        self.unit = params["unit"]
        self.rate = params["rate"]
        self.multiple = params["multiple"]
        self.size = params["size"]
        self.volume = 0.0
        self.anchor = None
        self.variance = None
        self.mid = None

    def on_trade(self, trade):
        self.volume += trade.size
        if self.volume < self.unit or self.mid is None:
            return
        self.volume = 0.0
        if self.anchor is not None:
            square = (self.mid - self.anchor) ** 2
            if self.variance is None:
                self.variance = square
            else:
                self.variance += self.rate * (square - self.variance)
        self.anchor = self.mid

    def on_book(self, book):
        self.chain = (book.mid, self.chain)
        self.mid = book.mid
        sigma = math.sqrt(self.variance) if self.variance else book.volatility
        half = min(max(self.multiple * sigma, 4e-4 * book.mid), 1e-2 * book.mid)
        centre = book.mid - half * 0.8 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, self.size))
        return quotes
