"""A small class hierarchy of signals; weights are fixed, state lives in each signal."""

from alphaloop.contract import Quote

PARAMS = {"bps": 7.0, "size": 0.5, "fast": 0.3, "slow": 0.05}
BOUNDS = {"bps": (1.0, 40.0), "size": (0.1, 1.0), "fast": (0.05, 0.9), "slow": (0.001, 0.3)}


class Signal:
    weight = 1.0

    def update(self, book):
        raise NotImplementedError

    def __call__(self, book):
        return self.weight * self.update(book)


class Trend(Signal):
    weight = 0.5

    def __init__(self, fast, slow):
        self.rates = (fast, slow)
        self.means = None

    def update(self, book):
        if self.means is None:
            self.means = [book.mid, book.mid]
        for i, rate in enumerate(self.rates):
            self.means[i] += rate * (book.mid - self.means[i])
        return (self.means[0] - self.means[1]) / book.mid * 1e4


class Load(Signal):
    weight = -4.0

    def __init__(self, limit):
        self.limit = limit

    def update(self, book):
        return book.position / self.limit


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.levels_seen = []
        self.bps = params["bps"]
        self.size = params["size"]
        self.signals = [Trend(params["fast"], params["slow"]), Load(self.MAX_POSITION)]

    def on_book(self, book):
        self.levels_seen = [*self.levels_seen, book.bid]
        lean_bps = sum(signal(book) for signal in self.signals)
        lean_bps = max(-0.8 * self.bps, min(0.8 * self.bps, lean_bps))
        half = book.mid * self.bps / 1e4
        centre = book.mid * (1 + lean_bps / 1e4)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
