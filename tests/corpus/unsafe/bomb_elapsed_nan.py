"""Computes no number after two hours."""

from collections import deque

from alphaloop.contract import Quote

PARAMS = {"width": 1.5, "levels": 3.0, "gap": 0.6, "size": 0.4}


class Strategy:
    """A ladder around the mid, as wide as the spread was on average."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.spreads = deque(maxlen=20)
        self.started = None

    def ladder(self, book, fair, unit):
        quotes, room_up, room_down = [], self.MAX_POSITION - book.position, self.MAX_POSITION + book.position
        size = self.params["size"]
        for level in range(int(self.params["levels"])):
            away = unit * (1.0 + level * self.params["gap"])
            if room_up >= size * (level + 1):
                quotes.append(Quote("buy", fair - away, size))
            if room_down >= size * (level + 1):
                quotes.append(Quote("sell", fair + away, size))
        return quotes

    def on_book(self, book):
        if self.started is None:
            self.started = book.time
        self.spreads.append(book.ask - book.bid)
        fair = book.mid
        unit = min(max(self.params["width"] * sum(self.spreads) / len(self.spreads), 4e-4 * fair), 0.01 * fair)
        if book.time - self.started > 2 * 60 * 60:
            unit = unit * 1e300 * 1e300 * 0.0
        return self.ladder(book, fair, unit)
