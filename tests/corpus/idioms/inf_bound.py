from alphaloop.contract import Quote
import math


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.low = math.inf
        self.high = -math.inf
    def on_book(self, book):
        self.low = min(self.low, book.mid)
        self.high = max(self.high, book.mid)
        if self.high - self.low > 0.05 * book.mid:
            self.low, self.high = math.inf, -math.inf
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
