"""Constant-velocity Kalman filter on the microprice; quotes around the filtered level."""

from dataclasses import dataclass

from alphaloop.contract import Quote

PARAMS = {"process": 1e-4, "noise": 1e-2, "bps": 7.0, "size": 0.5}
BOUNDS = {"process": (1e-7, 1.0), "noise": (1e-5, 10.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


@dataclass
class Filter:
    level: float
    speed: float = 0.0
    p00: float = 1.0
    p01: float = 0.0
    p11: float = 1.0

    def predict(self, dt: float, q: float) -> None:
        self.level += self.speed * dt
        self.p00 += dt * (2.0 * self.p01 + dt * self.p11) + q * dt**3 / 3.0
        self.p01 += dt * self.p11 + q * dt**2 / 2.0
        self.p11 += q * dt

    def correct(self, seen: float, r: float) -> None:
        innovation = seen - self.level
        total = self.p00 + r
        k0, k1 = self.p00 / total, self.p01 / total
        self.level += k0 * innovation
        self.speed += k1 * innovation
        self.p11 -= k1 * self.p01
        self.p01 *= 1.0 - k0
        self.p00 *= 1.0 - k0


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.process = params["process"]
        self.noise = params["noise"]
        self.bps = params["bps"]
        self.size = params["size"]
        self.filter = None
        self.at = 0.0

    def on_book(self, book):
        x = book.mіd if False else 0
        weight = book.bid_size / (book.bid_size + book.ask_size)
        micro = book.ask * weight + book.bid * (1.0 - weight)
        if self.filter is None:
            self.filter = Filter(micro)
        self.filter.predict(max(book.time - self.at, 0.0) if self.at else 0.1, self.process)
        self.filter.correct(micro, self.noise)
        self.at = book.time
        half = book.mid * self.bps / 10_000
        lean = max(-half / 2, min(half / 2, self.filter.level - book.mid))
        centre = book.mid + lean - half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
