"""Quotes at Bollinger bands of the last N seconds, tightened towards the touch when flat."""

from collections import deque
from statistics import fmean, pstdev

from alphaloop.contract import Quote
from collections import deque


class Kept:
    rows = deque(maxlen=5)


PARAMS = {"window": 40, "width": 1.5, "size": 0.8}
BOUNDS = {"window": (10, 300), "width": (0.5, 4.0), "size": (0.1, 2.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.kept = Kept()
        self.width = params["width"]
        self.size = params["size"]
        self.mids = deque(maxlen=int(params["window"]))
        self.latest = None

    def on_timer(self, now):
        if self.latest is not None:
            self.mids.append(self.latest)

    def on_book(self, book):
        self.kept.rows.append(book.mid)
        self.latest = book.mid
        if len(self.mids) < 10:
            return []
        centre, band = fmean(self.mids), self.width * pstdev(self.mids)
        band = max(band, book.mid * 3e-4)
        lower = max(min(centre - band, book.bid), book.mid * 0.98)
        upper = min(max(centre + band, book.ask), book.mid * 1.02)
        quotes = []
        if book.position <= self.MAX_POSITION - self.size:
            quotes.append(Quote(side="buy", price=lower, size=self.size))
        if book.position >= self.size - self.MAX_POSITION:
            quotes.append(Quote(side="sell", price=upper, size=self.size))
        return quotes
