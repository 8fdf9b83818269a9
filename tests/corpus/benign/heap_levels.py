"""Scores a handful of candidate distances and quotes the best of them on each side."""

import heapq
import math
from collections import Counter, namedtuple

from alphaloop.contract import Quote

PARAMS = {"decay": 0.15, "inventory_cost": 2.0, "size_share": 0.1}
BOUNDS = {"decay": (0.01, 2.0), "inventory_cost": (0.0, 20.0)}

Level = namedtuple("Level", ["score", "bps"])
DISTANCES = (2.0, 4.0, 6.0, 9.0, 13.0, 18.0)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.decay = params["decay"]
        self.inventory_cost = params["inventory_cost"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.chosen = Counter()

    def best(self, lean):
        scored = [Level(math.exp(-self.decay * d) * (d + lean), d) for d in DISTANCES]
        top = heapq.nlargest(1, scored, key=lambda level: level.score)[0]
        self.chosen[top.bps] += 1
        return top.bps

    def on_book(self, book):
        lean = self.inventory_cost * book.position / self.MAX_POSITION
        bid = book.mid * (1 - self.best(-lean) / 1e4)
        ask = book.mid * (1 + self.best(lean) / 1e4)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
