"""A two-sided CUSUM on one-second moves; after an alarm the far side rests until the sum decays."""
from alphaloop.contract import Quote

PARAMS = {"slack": 0.5, "alarm": 5.0, "bps": 6.0, "size": 0.5}
BOUNDS = {"slack": (0.1, 2.0), "alarm": (2.0, 20.0), "bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Cusum:
    def __init__(self, slack, alarm):
        self.slack, self.alarm = slack, alarm
        self.up, self.down = 0.0, 0.0

    def update(self, z):
        self.up = min(max(0.0, self.up + z - self.slack), 2 * self.alarm)
        self.down = min(max(0.0, self.down - z - self.slack), 2 * self.alarm)

    @property
    def rising(self):
        return self.up > self.alarm

    @property
    def falling(self):
        return self.down > self.alarm


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.cusum = Cusum(params["slack"], params["alarm"])
        self.bps, self.size = params["bps"], params["size"]
        self.mid = self.last = self.sigma = None

    def on_timer(self, now):
        if self.mid is None:
            return
        if self.last is not None and self.sigma:
            self.cusum.update((self.mid - self.last) / self.sigma)
        self.last = self.mid

    def on_book(self, book):
        self.mid, self.sigma = book.mid, book.volatility
        half = book.mid * self.bps / 1e4
        lean = half * book.position / self.MAX_POSITION
        quotes = []
        if not (self.cusum.falling and book.position >= 0) and book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - half - lean, book.bid), self.size))
        if not (self.cusum.rising and book.position <= 0) and book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + half - lean, book.ask), self.size))
        return quotes
