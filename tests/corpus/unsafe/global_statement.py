"""A desk that keeps all of its state in one dictionary."""

from alphaloop.contract import Quote
COUNT = 0


PARAMS = {"bps": 7.0, "clip": 0.5, "alpha": 0.02}
BOUNDS = {"bps": (1.0, 50.0), "clip": (0.1, 1.0), "alpha": (0.001, 0.5)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.p = params
        self.s = {"fair": None, "buys": 0, "sells": 0, "last": {"buy": None, "sell": None}}

    def on_fill(self, fill):
        self.s["buys" if fill.side == "buy" else "sells"] += 1
        self.s["last"][fill.side] = fill.price

    def on_book(self, book):
        global COUNT
        COUNT += 1
        s, p = self.s, self.p
        if s["fair"] is None:
            s["fair"] = book.mid
        s["fair"] += p["alpha"] * (book.mid - s["fair"])
        half = book.mid * p["bps"] / 1e4
        fair = max(book.mid - half / 2, min(book.mid + half / 2, s["fair"]))
        fair -= half * 0.5 * book.position / self.MAX_POSITION
        clip = p["clip"]
        quotes = []
        if book.position + clip <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(fair - half, book.bid), clip))
        if book.position - clip >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(fair + half, book.ask), clip))
        return quotes
