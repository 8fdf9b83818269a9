from alphaloop.contract import Quote
from enum import Enum, auto
class Lean(Enum):
    LONG = auto()
    FLAT = auto()
    SHORT = auto()


def lean_of(position, limit):
    if position > 0.3 * limit:
        return Lean.LONG
    return Lean.SHORT if position < -0.3 * limit else Lean.FLAT


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        match lean_of(book.position, self.MAX_POSITION):
            case Lean.LONG:
                skew = -1.0
            case Lean.SHORT:
                skew = 1.0
            case _:
                skew = 0.0
        self.n = skew
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
