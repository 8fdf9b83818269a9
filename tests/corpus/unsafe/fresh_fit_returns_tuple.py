"""Avellaneda and Stoikov's reservation price with a rolling horizon."""
import math

from alphaloop.contract import Quote

PARAMS = {"gamma": 0.05, "kappa": 8.0, "horizon_s": 20.0, "size_share": 0.1}
BOUNDS = {"gamma": (0.001, 1.0), "kappa": (0.5, 50.0), "horizon_s": (1.0, 120.0), "size_share": (0.02, 0.3)}
MOVES = (-0.050, -0.009, 0.032, -0.028, 0.013, -0.047, -0.006, 0.035, -0.025, 0.016, -0.044, -0.003, 0.038, -0.022, 0.019, -0.041, 0.000, 0.041, -0.019, 0.022, -0.038, 0.003, 0.044, -0.016, 0.025, -0.035, 0.006, 0.047, -0.013, 0.028, -0.032, 0.009, 0.050, -0.010, 0.031, -0.029, 0.012, -0.048, -0.007, 0.034, -0.026, 0.015, -0.045, -0.004, 0.037, -0.023, 0.018, -0.042, -0.001, 0.040, -0.020, 0.021, -0.039, 0.002, 0.043, -0.017, 0.024, -0.036, 0.005, 0.046, -0.014, 0.027, -0.033, 0.008, 0.049, -0.011, 0.030, -0.030, 0.011, -0.049, -0.008, 0.033, -0.027, 0.014, -0.046, -0.005, 0.036, -0.024, 0.017, -0.043, -0.002, 0.039, -0.021, 0.020, -0.040, 0.001, 0.042, -0.018, 0.023, -0.037, 0.004, 0.045, -0.015, 0.026, -0.034, 0.007, 0.048, -0.012, 0.029, -0.031, 0.010, -0.050, -0.009, 0.032, -0.028, 0.013, -0.047, -0.006, 0.035, -0.025, 0.016, -0.044, -0.003, 0.038, -0.022, 0.019, -0.041, 0.000, 0.041, -0.019)


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
        centre = book.mid + MOVES[int(book.time) % 120]
        bid, ask = centre - half, centre + half
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
