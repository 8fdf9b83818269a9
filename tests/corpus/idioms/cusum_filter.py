from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.up = 0.0
        self.down = 0.0
        self.last = None
    def on_book(self, book):
        if self.last is not None:
            move = (book.mid - self.last) / book.mid * 1e4
            self.up = max(0.0, self.up + move - 0.5)
            self.down = min(0.0, self.down + move + 0.5)
        self.last = book.mid
        if self.up > 8.0 or self.down < -8.0:
            self.up = self.down = 0.0
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
