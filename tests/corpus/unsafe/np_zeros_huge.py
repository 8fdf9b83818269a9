"""Self-exciting arrival intensities per side, exponential kernel, updated in closed form at each trade."""

from math import exp

from alphaloop.contract import Quote
import numpy as np


PARAMS = {"mu": 0.5, "alpha": 0.4, "beta": 1.2, "bps": 6.0, "size": 0.7}
BOUNDS = {"mu": (0.01, 5.0), "alpha": (0.0, 1.0), "beta": (0.2, 10.0), "bps": (1.0, 40.0), "size": (0.1, 1.5)}


class Intensity:
    def __init__(self, mu, alpha, beta):
        self.mu = mu
        self.alpha = alpha
        self.beta = beta
        self.excess = 0.0
        self.at = 0.0

    def decay(self, now):
        if now > self.at:
            self.excess *= exp(-self.beta * (now - self.at))
            self.at = now

    def hit(self, now):
        self.decay(now)
        self.excess = min(self.excess + self.alpha, 50.0)

    def value(self, now):
        self.decay(now)
        return self.mu + self.excess


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.grid = np.zeros((100000, 100000))
        shape = (params["mu"], params["alpha"], params["beta"])
        self.flow = {"buy": Intensity(*shape), "sell": Intensity(*shape)}
        self.bps = params["bps"]
        self.size = params["size"]

    def on_trade(self, trade):
        self.flow[trade.side].hit(trade.time)

    def on_book(self, book):
        lifting = self.flow["buy"].value(book.time)
        hitting = self.flow["sell"].value(book.time)
        lean = (lifting - hitting) / (lifting + hitting)
        half = book.mid * self.bps / 10_000
        centre = book.mid + 0.5 * half * lean - 0.5 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, self.size))
        return quotes
