"""Watches what happens after its own fills and steps back on the side that is picked off."""

from collections import defaultdict, deque

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "punish": 2.0, "horizon_s": 1.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "punish": (0.0, 10.0), "horizon_s": (0.1, 10.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.pending = deque()
        self.toxicity = defaultdict(float)

    def on_fill(self, fill):
        self.pending.append(fill)

    def _resolve(self, book):
        while len(self.pending) > 0 and book.time - self.pending[0].time >= self.params["horizon_s"]:
            fill = self.pending.popleft()
            sign = 1 if fill.side == "buy" else -1
            markout = sign * (book.mid - fill.price) / fill.price * 1e4
            self.toxicity[fill.side] = 0.9 * self.toxicity[fill.side] + 0.1 * max(0.0, -markout)

    def on_book(self, book):
        self._resolve(book)
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        for side in ("buy", "sell"):
            bps = self.params["half_spread_bps"] + self.params["punish"] * self.toxicity[side]
            offset = min(bps, 150.0) * book.mid / 1e4
            if side == "buy" and book.position + size <= self.MAX_POSITION:
                quotes.append(Quote(side, book.mid - offset, size))
            if side == "sell" and book.position - size >= -self.MAX_POSITION:
                quotes.append(Quote(side, book.mid + offset, size))
        return quotes
