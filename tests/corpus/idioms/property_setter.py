from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0
    @property
    def evil(self):
        return self.n

    @evil.setter
    def evil(self, v):
        self.n = v
    def __init__(self, params):
        self.n = 0

    def on_book(self, book):

        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
