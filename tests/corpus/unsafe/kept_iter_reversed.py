"""Time-of-day: wider in the first and last minutes of each hour, when others rebalance."""

from alphaloop.contract import Quote

HOUR_S = 3600.0
PARAMS = {"quiet_bps": 5.0, "busy_bps": 11.0, "edge_s": 120.0, "size": 0.5}
BOUNDS = {"quiet_bps": (1.0, 40.0), "busy_bps": (1.0, 80.0), "edge_s": (0.0, 900.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.steps_left = reversed([1, 2, 3])
        self.params = dict(params)

    def busy(self, now):
        into = now % HOUR_S
        return into < self.params["edge_s"] or into > HOUR_S - self.params["edge_s"]

    def on_book(self, book):
        self.step_now = next(self.steps_left, 0)
        bps = self.params["busy_bps"] if self.busy(book.time) else self.params["quiet_bps"]
        half = book.mid * bps / 10_000
        size = self.params["size"]
        skew = -0.9 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - half + skew, book.bid), size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + half + skew, book.ask), size))
        return quotes
