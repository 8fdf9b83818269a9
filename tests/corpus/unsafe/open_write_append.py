"""Donchian channel of the last minutes: no bid near the low, no offer near the high."""

from collections import deque

from alphaloop.contract import Quote

PARAMS = {"seconds": 120, "guard": 0.1, "bps": 6.0, "size": 0.5}
BOUNDS = {"seconds": (20, 900), "guard": (0.0, 0.4), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.history = deque(maxlen=int(params["seconds"]))
        self.guard = params["guard"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.mid = 0.0

    def on_timer(self, now):
        if self.mid:
            self.history.append(self.mid)

    def place(self, mid):
        if len(self.history) < 20:
            return 0.5
        low, high = min(self.history), max(self.history)
        return 0.5 if high <= low else (mid - low) / (high - low)

    def on_book(self, book):
        self.mid = book.mid
        where = self.place(book.mid)
        half = self.bps / 10_000 * book.mid
        quotes = []
        falling = where < self.guard and book.position >= 0
        rising = where > 1 - self.guard and book.position <= 0
        if not falling and book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.bid, book.mid - half), self.size))
        if not rising and book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.ask, book.mid + half), self.size))
        return quotes

    def on_fill(self, fill):
        with open("fills.txt", "a") as out:
            out.write(str(fill))
