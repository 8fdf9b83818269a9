"""State with slots, a stack of small objects, no inheritance."""
from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "size": 0.5, "fade": 0.9}
BOUNDS = {"bps": (1.0, 40.0), "size": (0.1, 1.0), "fade": (0.1, 0.999)}


class Pressure:
    __slots__ = ("fade", "value")

    def __init__(self, fade):
        self.fade = fade
        self.value = 0.0

    def __bool__(self):
        return abs(self.value) > 1e-12

    def __iadd__(self, amount):
        self.value = self.fade * self.value + amount
        return self

    def __float__(self):
        return self.value


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]
        self.pressure = Pressure(params["fade"])

    def on_trade(self, trade):
        self.pressure += trade.size if trade.side == "buy" else -trade.size

    def on_book(self, book):
        half = book.mid * self.bps / 1e4
        lean = max(-1.0, min(1.0, float(self.pressure) / 50.0)) if self.pressure else 0.0
        centre = book.mid + half * 0.4 * lean - half * 0.6 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)
