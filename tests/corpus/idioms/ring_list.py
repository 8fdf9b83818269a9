from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.ring = [0.0] * 16
        self.at = 0
    def on_book(self, book):
        self.ring[self.at % 16] = book.mid
        self.at += 1
        recent = self.ring[: min(self.at, 16)]
        self.n = max(recent) - min(recent)
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
