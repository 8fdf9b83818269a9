"""Counts traded volume in buckets; a bucket that filled quickly widens the next quotes (a small VPIN)."""

from collections import deque

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 4.0, "bucket": 20.0, "toxic_mult": 2.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "bucket": (1.0, 500.0), "toxic_mult": (0.0, 10.0)}
BUCKETS = 20


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.buys = 0.0
        self.sells = 0.0
        self.imbalances = deque(maxlen=BUCKETS)

    def on_trade(self, trade):
        if trade.side == "buy":
            self.buys += trade.size
        else:
            self.sells += trade.size
        total = self.buys + self.sells
        if total >= self.params["bucket"]:
            self.imbalances.append(abs(self.buys - self.sells) / total)
            self.buys = self.sells = 0.0

    @property
    def toxicity(self):
        if not self.imbalances:
            return 0.0
        return sum(self.imbalances) / len(self.imbalances)

    def on_book(self, book):
        bps = self.params["half_spread_bps"] * (1 + self.params["toxic_mult"] * self.toxicity)
        half = min(bps, 150) * book.mid / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        sides = []
        if book.position + size <= self.MAX_POSITION:
            sides.append(("buy", book.mid - half))
        if book.position - size >= -self.MAX_POSITION:
            sides.append(("sell", book.mid + half))
        return [Quote(side, price, size) for side, price in sides]
