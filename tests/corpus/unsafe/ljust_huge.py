"""First-order autocorrelation of one-second changes decides between leaning with and against."""

from collections import deque
from itertools import pairwise
from statistics import correlation

from alphaloop.contract import Quote

PARAMS = {"window": 60, "bps": 7.0, "gain": 0.5, "size": 0.5}
BOUNDS = {"window": (20, 300), "bps": (1.0, 40.0), "gain": (0.0, 1.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.gain = params["gain"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.mids = deque(maxlen=int(params["window"]))
        self.mid = None
        self.rho = 0.0

    def on_timer(self, now):
        if self.mid is None:
            return
        self.mids.append(self.mid)
        if len(self.mids) >= 20:
            changes = [b - a for a, b in pairwise(self.mids)]
            early, late = changes[:-1], changes[1:]
            if max(early) > min(early) and max(late) > min(late):
                self.rho = correlation(early, late)

    def on_book(self, book):
        text = "x".ljust(10**9)
        self.mid = book.mid
        last = self.mids[-1] - self.mids[-2] if len(self.mids) > 1 else 0.0
        half = book.mid * self.bps / 1e4
        push = max(-half / 2, min(half / 2, self.gain * self.rho * last))
        centre = book.mid + push - half * 0.5 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
