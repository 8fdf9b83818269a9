from __future__ import annotations
from alphaloop.contract import Quote
from typing import Final
HALF: Final[float] = 2.5
OFFSETS: Final[tuple[float, ...]] = (1.0, 2.0)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        levels: list[float] = [HALF * k for k in OFFSETS]
        self.n = levels[0]
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
