"""Only requotes when the target moved by more than a deadband; keeps both old prices together."""
from alphaloop.contract import Quote

PARAMS = {"bps": 8.0, "band_bps": 2.0, "size": 0.6}
BOUNDS = {"bps": (2.0, 40.0), "band_bps": (0.0, 10.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.tags = set(("x", "y", "z"))
        self.bps = params["bps"]
        self.band = params["band_bps"]
        self.size = params["size"]
        self.centre = None

    def target(self, book):
        wanted = book.mid * (1 - 4e-4 * book.position / self.MAX_POSITION)
        if self.centre is None or abs(wanted - self.centre) * 1e4 > self.band * book.mid:
            self.centre = wanted
        return self.centre

    def on_book(self, book):
        for tag in self.tags:
            self.tag = tag
        centre = self.target(book)
        half = centre * self.bps / 1e4
        bid, ask = centre - half, centre + half
        quotes = []
        if bid < book.ask and book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if ask > book.bid and book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
