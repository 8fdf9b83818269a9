"""A market maker that is drawn to an inventory of its own liking.

Its prices stand around the mid, and lean towards its target the more, the further it is away from it.
"""

from alphaloop.contract import Book, Quote

PARAMS = {"half_spread": 0.7, "lean": 0.1, "target": 4.0, "size": 1.0}


class Strategy:
    """Quotes both sides at one distance from a price of its own."""

    MAX_POSITION = 50.0

    def __init__(self, params: dict[str, float]) -> None:
        self.half_spread = params["half_spread"]
        self.lean = params["lean"]
        self.target = params["target"]
        self.size = params["size"]

    def on_book(self, book: Book) -> list[Quote]:
        own = book.mid - self.lean * (book.position - self.target)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", own - self.half_spread, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", own + self.half_spread, self.size))
        return quotes
