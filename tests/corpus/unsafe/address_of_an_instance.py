from alphaloop.contract import Quote


class Mark:
    pass


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.mark = Mark()

    def on_book(self, book):
        text = f"{Mark()}"
        half = book.mid * (0.001 if len(text) % 2 else 0.002)
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
