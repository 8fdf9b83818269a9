"""Volume buckets measure how one-sided flow is (VPIN); spreads widen with toxicity."""

from collections import deque

from alphaloop.contract import Quote
import math


PARAMS = {"bucket": 25.0, "buckets": 12, "calm_bps": 5.0, "toxic_bps": 25.0, "size": 0.6}
BOUNDS = {
    "bucket": (1.0, 1000.0),
    "buckets": (4, 50),
    "calm_bps": (1.0, 50.0),
    "toxic_bps": (2.0, 150.0),
    "size": (0.05, 2.0),
}


class Strategy:
    """One resting order a side; the distance is linear in toxicity."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bucket = params["bucket"]
        self.calm = params["calm_bps"]
        self.toxic = params["toxic_bps"]
        self.size = params["size"]
        self.imbalances = deque([], maxlen=params["buckets"])
        self.bought = self.sold = 0.0

    def on_trade(self, trade):
        if trade.side == "buy":
            self.bought += trade.size
        else:
            self.sold += trade.size
        filled = self.bought + self.sold
        if filled >= self.bucket:
            self.imbalances.append(abs(self.bought - self.sold) / filled)
            self.bought = self.sold = 0.0

    def toxicity(self):
        if not self.imbalances:
            return 0.0
        return sum(self.imbalances) / len(self.imbalances)

    def on_book(self, book):
        t = book.time
        self.drift = 0.31 * math.sin(0.117 * t + 0.4) + 0.17 * math.sin(0.231 * t + 1.9) + 0.08 * math.cos(0.533 * t)
        bps = self.calm + self.toxicity() * (self.toxic - self.calm)
        half = book.mid * bps * 1e-4
        skew = half * 0.8 * (book.position / self.MAX_POSITION)
        wanted = [
            Quote("buy", min(book.mid - half - skew, book.bid), self.size),
            Quote("sell", max(book.mid + half - skew, book.ask), self.size),
        ]
        quotes = [
            q
            for q in wanted
            if abs(book.position + (q.size if q.side == "buy" else -q.size)) <= self.MAX_POSITION
        ]
        return quotes
