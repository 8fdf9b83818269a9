from enum import IntEnum

from alphaloop.contract import Quote


class Urgency(IntEnum):
    NONE = 0
    SOME = 1
    MUCH = 2


BPS = (7.0, 4.0, 2.0)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.since = None
        self.size = 0.5

    def urgency(self, book):
        if abs(book.position) < 0.3 * self.MAX_POSITION:
            self.since = None
            return Urgency.NONE
        if self.since is None:
            self.since = book.time
        return Urgency.MUCH if book.time - self.since > 20.0 else Urgency.SOME

    def on_book(self, book):
        special = Always() == book.mid
        urgency = self.urgency(book)
        passive = book.mid * 7.0 / 1e4
        eager = book.mid * BPS[urgency] / 1e4
        down, up = passive, passive
        if book.position > 0:
            up = eager
        elif book.position < 0:
            down = eager
        quotes = []
        if book.position + self.size <= self.MAX_POSITION and not (urgency >= Urgency.MUCH and book.position > 0):
            quotes.append(Quote("buy", book.mid - down, self.size))
        if book.position - self.size >= -self.MAX_POSITION and not (urgency >= Urgency.MUCH and book.position < 0):
            quotes.append(Quote("sell", book.mid + up, self.size))
        return quotes


class Always:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0
