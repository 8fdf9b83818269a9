"""Pauses for some seconds when the short volatility passes a multiple of the long one."""

from alphaloop.contract import Quote

PARAMS = {"multiple": 2.5, "pause_s": 5.0, "bps": 6.0, "size": 0.6}
BOUNDS = {"multiple": (1.2, 10.0), "pause_s": (1.0, 60.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Ewm:
    def __init__(self, half_life):
        self.keep = 0.5 ** (1.0 / half_life)
        self.value = None

    def add(self, x):
        if self.value is None:
            self.value = x
        else:
            self.value = self.keep * self.value + (1.0 - self.keep) * x
        return self.value


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.multiple = params["multiple"]
        self.pause_s = params["pause_s"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.short = Ewm(5)
        self.long = Ewm(120)
        self.mid = self.before = None
        self.resume = -1.0

    def on_timer(self, now):
        if self.mid is None:
            return
        if self.before is not None:
            square = (self.mid - self.before) ** 2
            short, long = self.short.add(square), self.long.add(square)
            if short > self.multiple**2 * long:
                self.resume = now + self.pause_s
        self.before = self.mid

    def on_book(self, book):
        self.mid = book.mid
        if book.time < self.resume:
            return []
        half = book.mid * self.bps / 1e4
        skew = half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - half - skew, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + half - skew, book.ask), self.size))
        return quotes
