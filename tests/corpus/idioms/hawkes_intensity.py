from alphaloop.contract import Quote
import math


class Strategy:
    MAX_POSITION = 10.0
    def on_trade(self, trade):
        gap = trade.time - self.seen
        self.rate = self.rate * math.exp(-0.5 * gap) + trade.size
        self.seen = trade.time
    def __init__(self, params):
        self.n = 0
        self.rate = 0.0
        self.seen = 0.0
    def on_book(self, book):
        if self.rate > 25.0:
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
