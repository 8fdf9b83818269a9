from alphaloop.contract import Quote
from bisect import insort, bisect_left
from collections import deque


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.order = []
        self.queue = deque()
    def on_book(self, book):
        self.queue.append(book.volatility)
        insort(self.order, book.volatility)
        if len(self.queue) > 100:
            old = self.queue.popleft()
            del self.order[bisect_left(self.order, old)]
        if book.volatility > self.order[len(self.order) * 9 // 10]:
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
