from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0
    def on_fill(self, fill):
        self.quiet_until[fill.side] = fill.time + 2.0
    def __init__(self, params):
        self.n = 0
        self.quiet_until = {'buy': 0.0, 'sell': 0.0}
    def on_book(self, book):
        quotes = []
        if book.time >= self.quiet_until['buy']:
            quotes.append(Quote('buy', book.bid, 0.5))
        if book.time >= self.quiet_until['sell']:
            quotes.append(Quote('sell', book.ask, 0.5))
        return quotes
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
