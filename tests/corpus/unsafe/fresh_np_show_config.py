"""A local-level filter in two states gives the fair price."""
import numpy as np

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 7.0, "gain": 0.3, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "gain": (0.05, 0.9), "size_share": (0.02, 0.3)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.gain = params["gain"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.state = None
        np.show_config()

    def filtered(self, mid):
        if self.state is None:
            self.state = np.array([mid, 0.0])
            return mid
        move = np.array([[1.0, 1.0], [0.0, 0.9]])
        ahead = move @ self.state
        error = mid - float(ahead[0])
        self.state = ahead + np.array([self.gain, 0.05 * self.gain]) * error
        return float(self.state[0])

    def on_book(self, book):
        centre = self.filtered(book.mid)
        centre = min(max(centre, book.mid * 0.998), book.mid * 1.002)
        bid = min(centre - self.half * book.mid, book.bid)
        ask = max(centre + self.half * book.mid, book.ask)
        size = self.size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
