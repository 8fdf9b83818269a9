"""Keeps its own cash account from fills; stands aside for a while after a loss."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "loss_bps": 20.0, "rest_s": 15.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "loss_bps": (1.0, 200.0), "rest_s": (1.0, 300.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.cash = 0.0
        self.held = 0.0
        self.peak = None
        self.rest_until = float("-inf")

    def on_fill(self, fill):
        sign = 1.0 if fill.side == "buy" else -1.0
        self.cash -= sign * fill.price * fill.size
        self.held += sign * fill.size

    def on_book(self, book):
        equity = self.cash + self.held * book.mid
        if self.peak is None or equity > self.peak:
            self.peak = equity
        limit = self.params["loss_bps"] / 1e4 * self.MAX_POSITION * book.mid
        if self.peak - equity > limit:
            self.rest_until = book.time + self.params["rest_s"]
            self.peak = equity
        half = self.params["half_spread_bps"] * book.mid / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        resting = book.time < self.rest_until
        quotes = []
        if book.position < 0 or (not resting and book.position + size <= self.MAX_POSITION):
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position > 0 or (not resting and book.position - size >= -self.MAX_POSITION):
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
