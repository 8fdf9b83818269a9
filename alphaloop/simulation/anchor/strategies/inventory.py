"""Avellaneda and Stoikov's market maker: their spread, around the price at which it is indifferent to trade.

That price is mid − position γσ²(T − t), the spread γσ²(T − t) + (2/γ) log(1 + γ/k), and T − t is in seconds
because the volatility is per √s.
"""

import math

from alphaloop.contract import Book, Quote

PARAMS = {"gamma": 0.1, "decay": 1.5, "game_s": 200.0, "lead_in_s": 2.0}
BOUNDS = {"gamma": (0.0001, 1.0)}


class Strategy:
    """Leans against its inventory, less and less as the end comes nearer."""

    MAX_POSITION = 50.0

    def __init__(self, params: dict[str, float]) -> None:
        self.gamma = params["gamma"]
        self.game_s = params["game_s"]
        self.lead_in_s = params["lead_in_s"]
        self.constant = 2 / self.gamma * math.log1p(self.gamma / params["decay"])
        self.end_s = 0.0

    def on_book(self, book: Book) -> list[Quote]:
        if self.end_s == 0.0:
            self.end_s = book.time + self.lead_in_s + self.game_s
        left_s = min(max(self.end_s - book.time, 0.0), self.game_s)
        risk = self.gamma * book.volatility**2 * left_s
        half_spread = (risk + self.constant) / 2
        reservation = book.mid - book.position * risk

        quotes = []
        if book.position + 1 <= self.MAX_POSITION:
            quotes.append(Quote("buy", reservation - half_spread, 1.0))
        if book.position - 1 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", reservation + half_spread, 1.0))
        return quotes
