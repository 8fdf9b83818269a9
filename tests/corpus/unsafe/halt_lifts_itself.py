"""Quotes one size on each side of the mid."""
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "size_share": 0.2}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "size_share": (0.02, 0.5)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size_share = params["size_share"]
        self.cash = 0.0
        self.held = 0.0
        self.peak = 0.0
        self.halted_at = None

    def on_book(self, book):
        equity = self.cash + self.held * book.mid
        self.peak = max(self.peak, equity)
        if self.peak - equity > 0.5:
            self.halted_at = book.time
            self.peak = equity
        if self.halted_at is not None and book.time - self.halted_at < 2.0:
            return []
        half = book.mid * self.half_spread_bps / 10_000
        bid = book.mid - half
        ask = book.mid + half
        size = self.MAX_POSITION * self.size_share
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_fill(self, fill):
        sign = 1.0 if fill.side == "buy" else -1.0
        self.cash -= sign * fill.size * fill.price
        self.held += sign * fill.size
        return None

    def on_timer(self, now):
        return None
