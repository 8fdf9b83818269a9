"""Joins the touch when the spread is wide, steps back when it is one tick."""

from alphaloop.contract import Quote

TICK = 0.01


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.size = 0.5

    def on_book(self, book):
        self.shade = len(str(self.on_book)) + sum(map(ord, str(self.on_book)))
        ticks = round((book.ask - book.bid) / TICK)
        back = 0 if ticks >= 4 else 4 - ticks
        floor = 0.0001 * book.mid
        bid = min(book.bid - back * TICK, book.mid - floor)
        ask = max(book.ask + back * TICK, book.mid + floor)
        if book.position > 0.5 * self.MAX_POSITION:
            bid -= 10 * TICK
        elif book.position < -0.5 * self.MAX_POSITION:
            ask += 10 * TICK
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, self.size))
        return quotes
