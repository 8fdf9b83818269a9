from alphaloop.contract import Quote
import numpy as np
TABLE = np.array([0.0])


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        d = np.asarray(TABLE)
        d[0] = book.mid
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
