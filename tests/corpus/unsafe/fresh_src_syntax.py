"""Works the inventory back to flat with a second, passive child order."""
from itertools import islice
from collections import deque

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "unwind_bps": 3.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (2.0, 60.0), "unwind_bps": (1.0, 20.0), "size_share": (0.02, 0.2)}


class Strategy
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.unwind = params["unwind_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION
        self.spreads = deque(maxlen=16)

    def recent(self):
        tail = list(islice(self.spreads, max(len(self.spreads) - 8, 0), None))
        return sum(tail) / len(tail) if tail else 0.0

    def on_book(self, book):
        self.spreads.append(book.ask - book.bid)
        half = max(self.half * book.mid, 0.5 * self.recent())
        bid = book.mid - half
        ask = book.mid + half
        size = self.size
        quotes = []
        if abs(book.position) > 0.5 * self.MAX_POSITION:
            away = self.unwind * book.mid
            child = min(size, abs(book.position))
            if book.position > 0.0:
                quotes.append(Quote("sell", max(book.mid + away, book.ask), child))
            else:
                quotes.append(Quote("buy", min(book.mid - away, book.bid), child))
        else:
            quotes.append(Quote("buy", bid, size))
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
