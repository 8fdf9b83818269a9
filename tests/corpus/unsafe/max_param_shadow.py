"""Functional style: signals are plain functions, combined by a fold."""

from functools import reduce

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "size": 0.5}
BOUNDS = {"bps": (1.0, 50.0), "size": (0.1, 1.0)}


def inventory_signal(book, limit):
    return -0.7 * book.position / limit


def imbalance_signal(book, limit):
    total = book.bid_size + book.ask_size
    return 0.3 * (book.bid_size - book.ask_size) / total if total > 0 else 0.0


SIGNALS = (inventory_signal, imbalance_signal)


def clamp(value, low, high):
    return max(low, min(high, value))


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]

    def on_book(self, book):
        lean = reduce(lambda total, signal: total + signal(book, self.MAX_POSITION), SIGNALS, 0.0)
        half = book.mid * self.bps * 1e-4
        centre = book.mid + half * clamp(lean, -0.9, 0.9)
        sides = {"buy": min(centre - half, book.bid), "sell": max(centre + half, book.ask)}
        room = {"buy": self.MAX_POSITION - book.position, "sell": self.MAX_POSITION + book.position}
        quotes = [Quote(side, price, self.size) for side, price in sides.items() if room[side] >= self.size]
        return quotes

    def clip(self, value, max=1.0):
        return value if value < max else max
