from alphaloop.contract import Quote
from dataclasses import dataclass, field
@dataclass(frozen=True)
class P:
    x: dict = field(default_factory=dict)

    def note(self, v):
        self.x['a'] = v

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
