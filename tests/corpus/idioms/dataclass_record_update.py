from alphaloop.contract import Quote
from dataclasses import dataclass, replace
@dataclass(frozen=True)
class Ewma:
    mean: float = 0.0
    weight: float = 0.1

    def seen(self, value):
        return replace(self, mean=self.mean + self.weight * (value - self.mean))


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.fast = Ewma()
        self.slow = Ewma(weight=0.01)
    def on_book(self, book):
        self.fast = self.fast.seen(book.mid)
        self.slow = self.slow.seen(book.mid)
        if self.fast.mean < self.slow.mean * 0.99:
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
