"""Keeps its price while the market stays near it, so as not to lose the place in the queue."""

from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0
    SIZE = 0.6
    TOLERANCE = 0.0004

    def __init__(self, params):
        self.resting = {"buy": None, "sell": None}

    def settle(self, side, wanted, mid):
        held = self.resting[side]
        if held is None or abs(held - wanted) > self.TOLERANCE * mid:
            self.resting[side] = wanted
        return self.resting[side]

    def on_fill(self, fill):
        self.resting[fill.side] = None

    def on_book(self, book):
        for n in self.walk():
            self.n = n
        away = max(0.0006 * book.mid, 0.6 * (book.ask - book.bid))
        shade = away * 0.5 * book.position / self.MAX_POSITION
        bid = self.settle("buy", book.mid - away - shade, book.mid)
        ask = self.settle("sell", book.mid + away - shade, book.mid)
        quotes = []
        if bid < book.ask and book.position + self.SIZE <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.SIZE))
        if ask > book.bid and book.position - self.SIZE >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.SIZE))
        return quotes

    def walk(self):
        yield from range(5)
