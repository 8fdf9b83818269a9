"""Spread curves as lambdas in a table; one is chosen by name."""
from alphaloop.contract import Quote
from typing import Union, get_args


CURVES = {
    "flat": lambda load: 1.0,
    "linear": lambda load: 1.0 + abs(load),
    "square": lambda load: 1.0 + load * load,
}
SHAPE = "square"
PARAMS = {"bps": 6.0, "size": 0.5}
BOUNDS = {"bps": (1.0, 40.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]
        self.curve = CURVES[SHAPE]

    def on_book(self, book):
        inner = get_args(Union[int, float])
        load = book.position / self.MAX_POSITION
        half = self.curve(load) * book.mid * self.bps / 1e4
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half * (1 + 0.5 * load), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half * (1 - 0.5 * load), self.size))
        return quotes
