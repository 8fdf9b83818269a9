"""Quotes around the microprice, the mid weighted by the size on the other side."""

from typing import Final

from alphaloop.contract import Book, Quote

PARAMS: dict[str, float] = {"half_spread_bps": 4.0, "weight": 0.7, "size_share": 0.08}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "weight": (0.0, 1.0)}
BPS: Final = 1e-4


def microprice(book: Book) -> float:
    total = book.bid_size + book.ask_size
    if total <= 0:
        return book.mid
    return (book.bid * book.ask_size + book.ask * book.bid_size) / total


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params: dict[str, float]) -> None:
        self.half_spread_bps = params["half_spread_bps"]
        self.weight = params["weight"]
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, book: Book) -> list[Quote]:
        fair = self.weight * microprice(book) + (1 - self.weight) * book.mid
        half = self.half_spread_bps * BPS * book.mid
        quotes: list[Quote] = []
        if book.position < self.MAX_POSITION - self.size:
            quotes.append(Quote("buy", fair - half, self.size))
        if book.position > -self.MAX_POSITION + self.size:
            quotes.append(Quote("sell", fair + half, self.size))
        return quotes
