"""Builds a ladder of bids up to the touch, pulls it, and sells; then the same the other way round."""

from alphaloop.contract import Quote

PARAMS = {"rung": 0.6, "sold": 0.5, "turn_s": 1.0}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.rung, self.sold, self.turn_s = params["rung"], params["sold"], params["turn_s"]

    def ladder(self, book, up, count):
        if up:
            return [Quote("buy", book.bid - 0.04 - 0.02 * rung, self.rung) for rung in range(count)]
        return [Quote("sell", book.ask + 0.04 + 0.02 * rung, self.rung) for rung in range(count)]

    def on_book(self, book):
        phase = book.time / self.turn_s % 2.0
        up = book.position >= 0.0
        if phase < 1.0 and abs(book.position) < 5.0:
            return self.ladder(book, up, 1 + int(4.0 * phase))
        if up:
            return [Quote("sell", book.ask, self.sold)]
        return [Quote("buy", book.bid, self.sold)]
