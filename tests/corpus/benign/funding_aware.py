"""Leans away from the side that pays funding, when the venue has a funding stream."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "funding_mult": 20.0, "basis_mult": 0.2, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "funding_mult": (0.0, 200.0), "basis_mult": (0.0, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params

    def on_book(self, book):
        lean = 0.0
        if book.funding_rate is not None:
            lean -= self.params["funding_mult"] * book.funding_rate
        if book.mark is not None and book.index is not None and book.index > 0:
            lean -= self.params["basis_mult"] * (book.mark - book.index) / book.index
        lean = max(-0.001, min(0.001, lean))
        centre = book.mid * (1 + lean)
        half = self.params["half_spread_bps"] * book.mid / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, size))
        return quotes
