"""Measures its own markouts after five seconds, by side, and widens the side that is run over."""

from collections import deque
from dataclasses import dataclass, field

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "rate": 0.1, "size": 0.5, "after_s": 5.0}
BOUNDS = {"bps": (1.0, 50.0), "rate": (0.01, 0.5), "size": (0.1, 1.0), "after_s": (1.0, 60.0)}


@dataclass(frozen=True)
class Pending:
    side: str
    price: float
    due: float


@dataclass
class Ledger:
    waiting: deque = field(default_factory=lambda: deque(maxlen=500))
    markout: dict = field(default_factory=lambda: {"buy": 0.0, "sell": 0.0})

    def settle(self, now, mid, rate):
        while self.waiting and self.waiting[0].due <= now:
            done = self.waiting.popleft()
            sign = 1.0 if done.side == "buy" else -1.0
            bps = sign * (mid - done.price) / done.price * 1e4
            self.markout[done.side] += rate * (bps - self.markout[done.side])


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.rate = params["rate"]
        self.size = params["size"]
        self.after = params["after_s"]
        self.ledger = Ledger()

    def on_fill(self, fill):
        self.ledger.waiting.append(Pending(fill.side, fill.price, fill.time + self.after))

    def distance(self, side, mid):
        penalty = max(0.0, -self.ledger.markout[side])
        return mid * min(self.bps + penalty, 80.0) / 1e4

    def on_book(self, book):
        self.ledger.settle(book.time, book.mid, self.rate)
        lean = book.mid * 4e-4 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - self.distance("buy", book.mid) - lean, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + self.distance("sell", book.mid) - lean, book.ask), self.size))
        return quotes
