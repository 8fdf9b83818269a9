from alphaloop.contract import Quote
from dataclasses import dataclass, field
@dataclass(frozen=True)
class P:
    x: list = field(default_factory=list)

    def note(self, v):
        self.x.append(v)
        self.x.pop(0)

Q = P()


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        Q.note(book.mid)
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
