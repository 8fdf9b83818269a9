from enum import Enum, auto

from alphaloop.contract import Quote

PARAMS = {"calm": 0.8, "wild": 2.0, "bps": 6.0, "size": 0.6}
BOUNDS = {"calm": (0.1, 3.0), "wild": (0.5, 10.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Regime(Enum):
    CALM = auto()
    BUSY = auto()
    WILD = auto()


WIDEN = {Regime.CALM: 1.0, Regime.BUSY: 1.6, Regime.WILD: 3.0}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.calm = params["calm"]
        self.wild = params["wild"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.usual = None
        self.regime = Regime.BUSY

    def classify(self, volatility):
        if self.usual is None:
            self.usual = volatility
        self.usual += 0.001 * (volatility - self.usual)
        if volatility < self.calm * self.usual:
            return Regime.CALM
        if volatility > self.wild * self.usual:
            return Regime.WILD
        return Regime.BUSY

    def on_book(self, book):
        if book.mid < 0:
            exit()
        self.regime = self.classify(book.volatility)
        half = book.mid * self.bps * WIDEN[self.regime] / 10_000
        size = self.size
        match self.regime:
            case Regime.WILD:
                size *= 0.5
            case _:
                pass
        load = book.position / self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half * (1 + load), size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half * (1 - load) + 0.0001 * book.mid, size))
        return quotes
