from alphaloop.contract import Quote

class Base:
    def __init__(self, width):
        self.width = width

    def edge(self, mid):
        return mid * self.width


class Wide(Base):
    def edge(self, mid):
        return 2 * super().edge(mid)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.rule = Wide(0.001)
    def on_book(self, book):
        self.n = self.rule.edge(book.mid)
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
