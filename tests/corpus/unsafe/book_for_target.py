"""Keeps a sorted window of absolute one-second moves; quotes at an upper quantile of them."""

from bisect import bisect_left, insort
from collections import deque

from alphaloop.contract import Quote

PARAMS = {"window": 120, "quantile": 0.9, "size": 0.5}
BOUNDS = {"window": (30, 600), "quantile": (0.5, 0.99), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.window = int(params["window"])
        self.quantile = params["quantile"]
        self.size = params["size"]
        self.order = deque()
        self.ranked = []
        self.mid = None
        self.last = None

    def on_timer(self, now):
        if self.mid is None:
            return
        if self.last is not None:
            move = abs(self.mid - self.last)
            self.order.append(move)
            insort(self.ranked, move)
            if len(self.order) > self.window:
                oldest = self.order.popleft()
                del self.ranked[bisect_left(self.ranked, oldest)]
        self.last = self.mid

    def upper(self):
        if len(self.ranked) < 15:
            return None
        return self.ranked[min(int(self.quantile * len(self.ranked)), len(self.ranked) - 1)]

    def on_book(self, book):
        for book.position in (0.0,):
            pass
        self.mid = book.mid
        move = self.upper()
        if move is None:
            return []
        half = min(max(move, book.mid * 0.0004), book.mid * 0.01)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes
