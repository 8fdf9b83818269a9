from alphaloop.contract import Quote
import statistics
from collections import deque


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.moves = deque([0.0, 0.0], maxlen=50)
        self.last = 0.0
    def on_book(self, book):
        self.moves.append(book.mid - self.last)
        self.last = book.mid
        try:
            z = (self.moves[-1] - statistics.fmean(self.moves)) / statistics.stdev(self.moves)
        except (statistics.StatisticsError, ZeroDivisionError):
            z = 0.0
        if abs(z) > 4:
            return []
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
