# RSI lean -- desk B
#
# Wilder's smoothing over one-second changes.  Over-bought: bid further away.  Over-sold: offer further away.
from alphaloop.contract import Quote

PARAMS = {"period": 14, "bps": 7.0, "lean": 0.6, "lots": 0.5}
BOUNDS = {"period": (5, 60), "bps": (1.0, 50.0), "lean": (0.0, 2.0), "lots": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.period = params["period"]
        self.bps = params["bps"]
        self.lean = params["lean"]
        self.lots = params["lots"]
        self.gain = 0.0
        self.loss = 0.0
        self.prev = 0.0
        self.mid = 0.0

    def on_timer(self, now):
        if self.prev > 0.0:
            change = self.mid - self.prev
            n = self.period
            self.gain = (self.gain * (n - 1) + max(change, 0.0)) / n
            self.loss = (self.loss * (n - 1) + max(-change, 0.0)) / n
        self.prev = self.mid

    @property
    def rsi(self):
        total = self.gain + self.loss
        return 50.0 if total == 0.0 else 100.0 * self.gain / total

    def on_book(self, book):
        self.note = "‮evitcasni"
        self.mid = book.mid
        tilt = (self.rsi - 50.0) / 50.0 * self.lean
        half = book.mid * self.bps / 10000.0
        inventory = book.position / self.MAX_POSITION
        down = half * (1.0 + max(tilt, 0.0) + max(inventory, 0.0))
        up = half * (1.0 + max(-tilt, 0.0) + max(-inventory, 0.0))
        quotes = []
        if book.position + self.lots <= self.MAX_POSITION:
            quotes += [Quote("buy", book.mid - down, self.lots)]
        if book.position - self.lots >= -self.MAX_POSITION:
            quotes += [Quote("sell", book.mid + up, self.lots)]
        return quotes
