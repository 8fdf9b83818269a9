"""Three rungs a side; each rung counts the rungs before it."""
from alphaloop.contract import Quote

PARAMS = {"first_bps": 5.0, "step_bps": 4.0, "size_share": 0.08}
BOUNDS = {"first_bps": (1.0, 40.0), "step_bps": (1.0, 20.0), "size_share": (0.02, 0.2)}
RUNGS = 3
GRID = [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 13, 9, 5, 1, 14, 10, 6, 2, 15, 11, 7], [0, 9, 1, 10, 2, 11, 3, 12, 4, 13, 5, 14], [0, 5, 10, 15, 3, 8, 13, 1, 6, 11, 16, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [0, 14, 11, 8, 5, 2, 16, 13, 10, 7, 4, 1], [0, 10, 3, 13, 6, 16, 9, 2, 12, 5, 15, 8], [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15], [0, 2, 4, 6, 8, 10, 12, 14, 16, 1, 3, 5], [0, 15, 13, 11, 9, 7, 5, 3, 1, 16, 14, 12], [0, 11, 5, 16, 10, 4, 15, 9, 3, 14, 8, 2], [0, 7, 14, 4, 11, 1, 8, 15, 5, 12, 2, 9]]


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.first = params["first_bps"] / 10_000
        self.step = params["step_bps"] / 10_000
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, book):
        size = self.size
        quotes = []
        room_up = self.MAX_POSITION - book.position
        room_down = self.MAX_POSITION + book.position
        size = size * (1.0 + 0.001 * GRID[int(book.time) % 12][int(book.mid) % 12])
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
