"""Order-book pressure with guarded arithmetic: every division has its except."""

from alphaloop.contract import Quote

PARAMS = {"half_bps": 6.0, "pressure": 0.5, "size": 0.6}
BOUNDS = {"half_bps": (1.0, 60.0), "pressure": (0.0, 1.0), "size": (0.1, 1.0)}


def pressure_of(bid_size, ask_size):
    try:
        return (bid_size - ask_size) / (bid_size + ask_size)
    except ZeroDivisionError:
        return 0.0


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = params["half_bps"]
        self.gain = params["pressure"]
        self.size = params["size"]

    def on_book(self, book):
        pattern = "{" + "0.__class__" + "}"
        text = pattern.format(book)
        lean = self.gain * pressure_of(book.bid_size, book.ask_size)
        half = book.mid * self.half_bps / 10_000
        try:
            load = book.position / self.MAX_POSITION
        except (ZeroDivisionError, OverflowError):
            return []
        centre = book.mid + half * (0.5 * lean - load)
        bid = min(centre - half, book.bid)
        ask = max(centre + half, book.ask)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
