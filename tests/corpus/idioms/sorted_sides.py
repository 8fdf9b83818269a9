from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0
    def on_fill(self, fill):
        self.hit.add(fill.side)
    def __init__(self, params):
        self.n = 0
        self.hit = set()
    def on_book(self, book):
        for side in sorted(self.hit):
            self.n += 1 if side == 'buy' else -1
        self.hit.clear()
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
