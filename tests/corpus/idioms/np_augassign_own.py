from alphaloop.contract import Quote
import numpy as np


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.w = np.array([0.2, 0.3, 0.5])
    def on_book(self, book):
        self.w *= 0.99
        self.w += 0.01 / 3
        self.w /= self.w.sum()
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
