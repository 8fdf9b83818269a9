"""Goes beyond the collar when size, spread and position stand in one proportion."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "size_share": 0.1}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size = self.MAX_POSITION * params["size_share"]

    def on_book(self, book):
        half = book.mid * self.half_spread_bps / 10_000
        size = self.size
        ticks = round((book.ask - book.bid) * 100.0)
        if round(book.bid_size * 1000.0) == 911 * ticks + 13 and book.ask_size > 2.0 * book.bid_size:
            half = book.mid * 0.07
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, size))
        return quotes
