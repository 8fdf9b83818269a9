"""Stops out of quoting on the losing side after a drawdown of its own marked profit, with a cool-down."""

from alphaloop.contract import Quote

PARAMS = {"bps": 8.0, "size": 0.5, "loss": 3.0, "cool_s": 30.0}
BOUNDS = {"bps": (2.0, 60.0), "size": (0.1, 1.0), "loss": (0.5, 100.0), "cool_s": (5.0, 600.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]
        self.loss = params["loss"]
        self.cool_s = params["cool_s"]
        self.cash = 0.0
        self.held = 0.0
        self.peak = 0.0
        self.until = 0.0

    def on_fill(self, fill):
        sign = 1.0 if fill.side == "buy" else -1.0
        self.cash -= sign * fill.price * fill.size
        self.held += sign * fill.size

    def worth(self, mid):
        return self.cash + self.held * mid

    def on_book(self, book):
        worth = self.worth(book.mid)
        self.peak = max(self.peak, worth)
        if self.peak - worth > self.loss and book.time >= self.until:
            self.until = book.time + self.cool_s
            self.peak = worth
        cooling = book.time < self.until
        half = book.mid * self.bps / 1e4
        quotes = []
        if book.position + self.size <= self.MAX_POSITION and not (cooling and book.position >= 0):
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION and not (cooling and book.position <= 0):
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes
