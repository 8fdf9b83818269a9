"""Three rungs a side; each rung counts the rungs before it."""
from alphaloop.contract import Quote
from os import path

PARAMS = {"first_bps": 5.0, "step_bps": 4.0, "size_share": 0.08}
BOUNDS = {"first_bps": (1.0, 40.0), "step_bps": (1.0, 20.0), "size_share": (0.02, 0.2)}
RUNGS = 3


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.first = params["first_bps"] / 10_000
        self.step = params["step_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION
        self.there = path.exists("/etc/passwd")

    def on_book(self, book):
        size = self.size
        quotes = []
        room_up = self.MAX_POSITION - book.position
        room_down = self.MAX_POSITION + book.position
        for rung in range(RUNGS):
            away = book.mid * (self.first + rung * self.step)
            if room_up >= size:
                quotes.append(Quote("buy", book.mid - away, size))
                room_up -= size
            if room_down >= size:
                quotes.append(Quote("sell", book.mid + away, size))
                room_down -= size
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
