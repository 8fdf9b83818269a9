"""Mean reversion: an Ornstein-Uhlenbeck anchor estimated by recursive least squares on one-second mids."""

from dataclasses import dataclass

from alphaloop.contract import Quote

PARAMS = {"forget": 0.995, "edge_bps": 6.0, "size": 0.5}
BOUNDS = {"forget": (0.9, 0.9999), "edge_bps": (1.0, 60.0), "size": (0.1, 1.0)}


@dataclass
class Moments:
    n: float = 0.0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def add(self, x, y, forget):
        self.n = self.n * forget + 1.0
        self.x = self.x * forget + x
        self.y = self.y * forget + y
        self.xx = self.xx * forget + x * x
        self.xy = self.xy * forget + x * y

    def line(self):
        spread = self.n * self.xx - self.x * self.x
        if self.n < 20.0 or spread <= 1e-9:
            return None
        slope = (self.n * self.xy - self.x * self.y) / spread
        return slope, (self.y - slope * self.x) / self.n


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.shape = type("Shape", (), {"a": 1})()
        self.p = params
        self.moments = Moments()
        self.start = None
        self.last = None
        self.mid = None

    def on_timer(self, now):
        if self.mid is None:
            return
        if self.start is None:
            self.start = self.mid
        level = self.mid - self.start
        if self.last is not None:
            self.moments.add(self.last, level, self.p["forget"])
        self.last = level

    def fair(self, book):
        line = self.moments.line()
        if line is None or not 0.0 < line[0] < 0.999:
            return book.mid
        anchor = self.start + line[1] / (1.0 - line[0])
        pull = 0.25 * (anchor - book.mid)
        bound = book.mid * 0.0003
        return book.mid + max(-bound, min(bound, pull))

    def on_book(self, book):
        self.mid = book.mid
        size = self.p["size"]
        edge = book.mid * self.p["edge_bps"] / 1e4
        fair = self.fair(book) - edge * 0.5 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(fair - edge, book.bid), size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(fair + edge, book.ask), size))
        return quotes
