"""A template method: the base class quotes, subclasses say where the fair price is."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "alpha": 0.3, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "alpha": (0.0, 1.0)}


class Maker:
    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size_share = params["size_share"]

    def fair(self, book):
        return book.mid

    def quotes(self, book, limit):
        fair = self.fair(book)
        half = self.half_spread_bps * book.mid / 10_000
        size = self.size_share * limit
        result = []
        if book.position + size <= limit:
            result.append(Quote("buy", fair - half, size))
        if book.position - size >= -limit:
            result.append(Quote("sell", fair + half, size))
        return result


class Strategy(Maker):
    MAX_POSITION = 10.0

    def __init__(self, params):
        super().__init__(params)
        self.alpha = params["alpha"]

    def fair(self, book):
        total = book.bid_size + book.ask_size
        tilt = (book.bid_size - book.ask_size) / total if total else 0.0
        return super().fair(book) + self.alpha * tilt * 0.5 * (book.ask - book.bid)

    def on_book(self, book):
        return self.quotes(book, self.MAX_POSITION)
