from alphaloop.contract import Quote
import numpy as np
F = np.array([[1.0, 1.0], [0.0, 1.0]])
Q = np.array([[0.01, 0.0], [0.0, 0.01]])


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.x = np.zeros(2)
        self.p = np.eye(2)
    def on_book(self, book):
        self.x = F @ self.x
        self.p = F @ self.p @ F.T + Q
        gain = self.p[:, 0] / (self.p[0, 0] + 1.0)
        self.x = self.x + gain * (book.mid - self.x[0])
        self.p = self.p - np.outer(gain, self.p[0])
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
