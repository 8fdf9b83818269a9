"""Fair price as the median of the last mids: robust against single prints."""

from collections import deque
from statistics import median, pstdev

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "window": 25, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.mids = deque(maxlen=int(params["window"]))

    def on_book(self, book):
        self.mids.append(book.mid)
        if len(self.mids) < 5:
            return []
        fair = median(self.mids)
        half = self.half_spread_bps / 1e4 * book.mid + 0.5 * pstdev(self.mids)
        if abs(fair - book.mid) > 2 * half:
            return []
        bid, ask = min(fair - half, book.ask), max(fair + half, book.bid)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
