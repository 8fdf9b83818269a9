from alphaloop.contract import Quote

BUYS = (1.0, 2.0)
SELLS = (3.0, 4.0)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        for step in BUYS + SELLS:
            self.n += step
        rows = list(BUYS) + [book.mid]
        rows.append(1.0)
        self.n = sum(rows)
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
