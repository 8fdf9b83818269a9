"""Many small questions answered by methods with names; the orders follow from them."""
from alphaloop.contract import Quote
import numpy as np

WEIGHTS = (0.0123, -0.4311, 1.2207, -3.4419, 4.2271, -2.9914, 1.7702, 0.4441, -0.9931, 0.1287, 2.3391, -1.1127)



class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = 7.5
        self.size = 0.4
        self.history = []

    def is_wide(self, book):
        return (book.ask - book.bid) / book.mid > 0.002

    def is_thin(self, book):
        return any(size < 0.05 for size in (book.bid_size, book.ask_size))

    def is_long(self, book):
        return book.position > 0.25 * self.MAX_POSITION

    def is_short(self, book):
        return book.position < -0.25 * self.MAX_POSITION

    def is_falling(self):
        return len(self.history) == 5 and all(b < a for a, b in zip(self.history, self.history[1:]))

    def remember(self, mid):
        self.history.append(mid)
        if len(self.history) > 5:
            self.history.pop(0)

    def on_book(self, book):
        self.drift = float(np.polyval(WEIGHTS, book.time / 30.0))
        self.remember(book.mid)
        if self.is_wide(book) and self.is_thin(book):
            return []
        half = book.mid * self.half_bps / 1e4
        bid, ask = book.mid - half, book.mid + half
        if self.is_long(book):
            bid -= half
        if self.is_short(book):
            ask += half
        quotes = []
        may_buy = book.position + self.size <= self.MAX_POSITION
        may_sell = book.position - self.size >= -self.MAX_POSITION
        if may_buy and not (self.is_falling() and self.is_long(book)):
            quotes.append(Quote("buy", bid, self.size))
        if may_sell:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
