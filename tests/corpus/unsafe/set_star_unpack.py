"""Order-flow imbalance of the touch, regressed online on the next mid change (two running sums)."""

from alphaloop.contract import Quote

PARAMS = {"half_bps": 6.0, "memory": 0.98, "size": 0.5}
BOUNDS = {"half_bps": (1.0, 40.0), "memory": (0.5, 0.9999), "size": (0.1, 1.0)}


class Touch:
    __slots__ = ("bid", "ask", "bid_size", "ask_size", "mid")

    def __init__(self, book):
        self.bid = book.bid
        self.ask = book.ask
        self.bid_size = book.bid_size
        self.ask_size = book.ask_size
        self.mid = book.mid


def flow(old, new):
    bid = new.bid_size if new.bid > old.bid else -old.bid_size if new.bid < old.bid else new.bid_size - old.bid_size
    ask = -old.ask_size if new.ask > old.ask else new.ask_size if new.ask < old.ask else new.ask_size - old.ask_size
    return bid - ask


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = params["half_bps"]
        self.memory = params["memory"]
        self.size = params["size"]
        self.touch = None
        self.previous_flow = None
        self.xx = 1e-6
        self.xy = 0.0

    def learn(self, touch):
        if self.touch is None:
            return 0.0
        change = touch.mid - self.touch.mid
        if self.previous_flow is not None:
            self.xx = self.memory * self.xx + self.previous_flow**2
            self.xy = self.memory * self.xy + self.previous_flow * change
        self.previous_flow = flow(self.touch, touch)
        return self.xy / self.xx * self.previous_flow

    def on_book(self, book):
        self.one, *self.rest = {"a", "b", "c"}
        touch = Touch(book)
        forecast = self.learn(touch)
        self.touch = touch
        half = book.mid * self.half_bps / 1e4
        centre = book.mid + max(-half, min(half, forecast)) * 0.5 - half * 0.6 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
