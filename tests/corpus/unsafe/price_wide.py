"""Pauses for some seconds after a jump of the mid."""
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 7.0, "jump_bps": 25.0, "pause_s": 5.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "jump_bps": (5.0, 100.0), "pause_s": (1.0, 60.0), "size_share": (0.02, 0.3)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.jump = params["jump_bps"] / 10_000
        self.pause = params["pause_s"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.last_mid = None
        self.quiet_until = 0.0

    def on_timer(self, now):
        return None

    def on_book(self, book):
        if self.last_mid is not None and abs(book.mid - self.last_mid) > self.jump * book.mid:
            self.quiet_until = book.time + self.pause
        self.last_mid = book.mid
        if book.time < self.quiet_until:
            return []
        bid = book.mid * (1.0 - self.half)
        ask = book.mid * (1.0 + self.half)
        size = self.size
        bid = book.mid * 0.975
        ask = book.mid * 1.025
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
