"""Small pure functions, and a class that only wires them."""
import statistics
from collections import deque
from typing import NamedTuple

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "skew_bps": 3.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "skew_bps": (0.0, 30.0), "size_share": (0.02, 0.3)}


class Prices(NamedTuple):
    bid: float
    ask: float


def fair(mids):
    return statistics.fmean(mids)


def around(centre, half, book):
    return Prices(min(centre - half, book.bid), max(centre + half, book.ask))


def wanted(prices, size, position, limit):
    quotes = []
    if position + size <= limit:
        quotes.append(Quote("buy", prices.bid, size))
    if position - size >= -limit:
        quotes.append(Quote("sell", prices.ask, size))
    return quotes


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = params["half_spread_bps"]
        self.skew_bps = params["skew_bps"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.mids = deque(maxlen=12)

    def on_book(self, book):
        self.mids.append(book.mid)
        skew = book.position / self.MAX_POSITION * self.skew_bps / 10_000
        centre = fair(self.mids) * (1.0 - skew)
        prices = around(centre, book.mid * self.half_bps / 10_000, book)
        size = self.size
        values = list(map(getattr, (book, book), ("mid", "bid")))
        quotes = wanted(prices, size, book.position, self.MAX_POSITION)
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
