from alphaloop.contract import Quote

LEVELS = ((1.0, 0.5), (2.0, 0.3), (4.0, 0.2))


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        quotes = []
        room = self.MAX_POSITION - book.position
        for steps, share in LEVELS:
            size = min(room, share * self.MAX_POSITION)
            if size > 0:
                quotes.append(Quote('buy', book.bid - steps * 0.01, size))
                room -= size
        return quotes[:3]
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
