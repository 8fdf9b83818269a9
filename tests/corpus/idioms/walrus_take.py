from alphaloop.contract import Quote
from collections import deque


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.q = deque(maxlen=64)
    def on_book(self, book):
        self.q.append(book.mid)
        if (n := len(self.q)) > 10 and (move := self.q[-1] - self.q[0]) > 0:
            self.n = move / n
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
