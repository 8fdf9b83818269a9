"""Quotes wider in a wild regime; the regime is an enumeration."""
from dataclasses import dataclass
from enum import Enum

from alphaloop.contract import Quote

PARAMS = {"calm_bps": 6.0, "wild_bps": 14.0, "threshold": 0.08, "size_share": 0.1}
BOUNDS = {"calm_bps": (1.0, 40.0), "wild_bps": (4.0, 80.0), "threshold": (0.01, 1.0), "size_share": (0.02, 0.3)}


class Regime(Enum):
    CALM = "calm"
    WILD = "wild"


@dataclass(frozen=True)
class Plan:
    bid: float
    ask: float
    size: float


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.widths = {Regime.CALM: params["calm_bps"] / 10_000, Regime.WILD: params["wild_bps"] / 10_000}
        self.threshold = params["threshold"]
        self.size = params["size_share"] * self.MAX_POSITION

    def regime(self, book):
        return Regime.WILD if book.volatility > self.threshold else Regime.CALM

    def plan(self, book):
        half = book.mid * self.widths[self.regime(book)]
        return Plan(book.mid - half, book.mid + half, self.size)

    def on_book(self, book):
        plan = self.plan(book)
        bid, ask, size = plan.bid, plan.ask, plan.size
        for f in {self.regime, self.plan}:
            break
        size = size if f == self.plan else size * 0.5
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
