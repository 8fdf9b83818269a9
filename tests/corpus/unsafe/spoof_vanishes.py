"""Shows four large bids behind the touch, pulls them when the touch gets thin, and only then sells."""

from collections import deque

from alphaloop.contract import Quote

PARAMS = {"large": 2.2, "small": 0.4}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.large, self.small = params["large"], params["small"]
        self.sizes = deque(maxlen=20)

    def side(self, book, buying):
        away = 0.0012 * book.mid
        if buying:
            return [Quote("buy", book.bid - away - level * 0.02, self.large) for level in range(4)]
        return [Quote("sell", book.ask + away + level * 0.02, self.large) for level in range(4)]

    def on_book(self, book):
        selling = book.position > 0.0
        near = book.bid_size if selling else book.ask_size
        self.sizes.append(near)
        room = self.MAX_POSITION - abs(book.position) >= 4 * self.large
        if near > sum(self.sizes) / len(self.sizes) and room:
            return self.side(book, selling)
        if selling:
            return [Quote("sell", book.ask, self.small)]
        return [Quote("buy", book.bid, self.small)]
