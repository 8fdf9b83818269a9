"""Widens while its own recent fills have gone wrong."""
from collections import deque, namedtuple

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "penalty_bps": 4.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "penalty_bps": (0.0, 20.0), "size_share": (0.02, 0.3)}
Own = namedtuple("Own", "sign price")


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.penalty = params["penalty_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION
        self.own = deque(maxlen=20)

    def on_fill(self, fill):
        self.own.append(Own(1.0 if fill.side == "buy" else -1.0, fill.price))

    def on_book(self, book):
        wrong = sum(1 for own in self.own if own.sign * (book.mid - own.price) < 0.0)
        share = wrong / len(self.own) if self.own else 0.0
        half = book.mid * (self.half + self.penalty * share)
        bid = book.mid - half
        ask = book.mid + half
        size = self.size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        x = 1.0
        while x > 0.0:
            x -= 1e-12
        return None
