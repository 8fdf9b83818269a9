"""Avellaneda and Stoikov's reservation price with a rolling horizon."""
import math

from alphaloop.contract import Quote

PARAMS = {"gamma": 0.05, "kappa": 8.0, "horizon_s": 20.0, "size_share": 0.1}
BOUNDS = {"gamma": (0.001, 1.0), "kappa": (0.5, 50.0), "horizon_s": (1.0, 120.0), "size_share": (0.02, 0.3)}


def reservation(mid, inventory, gamma, variance, horizon):
    return mid - inventory * gamma * variance * horizon


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.gamma = params["gamma"]
        self.kappa = params["kappa"]
        self.horizon = params["horizon_s"]
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, book):
        variance = book.volatility * book.volatility
        centre = reservation(book.mid, book.position, self.gamma, variance, self.horizon)
        half = math.log(1.0 + self.gamma / self.kappa) / self.gamma + 0.5 * self.gamma * variance * self.horizon
        half = min(max(half, book.mid * 0.0002), book.mid * 0.01)
        centre = min(max(centre, book.mid * 0.985), book.mid * 1.015)
        bid = min(centre - half, book.bid)
        ask = max(centre + half, book.ask)
        size = self.size
        half = math.log(abs(book.position))
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_fill(self, fill):
        return None

    def on_timer(self, now):
        return None
