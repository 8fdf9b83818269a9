from alphaloop.contract import Quote
from collections import Counter


class Strategy:
    MAX_POSITION = 10.0
    def on_trade(self, trade):
        self.volume[trade.side] += trade.size

    def on_timer(self, now):
        for side in ('buy', 'sell'):
            self.volume[side] *= 0.9
    def __init__(self, params):
        self.n = 0
        self.volume = Counter()
    def on_book(self, book):
        total = self.volume['buy'] + self.volume['sell']
        if total > 0 and self.volume['buy'] / total > 0.8:
            self.n += 1
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
