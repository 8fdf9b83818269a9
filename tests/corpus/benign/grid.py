"""Three levels a side, wider and larger with depth."""

from alphaloop.contract import Quote

PARAMS = {"step_bps": 6.0, "levels": 3, "size": 0.5}
BOUNDS = {"step_bps": (1.0, 40.0), "size": (0.1, 1.0)}
WEIGHTS = (1.0, 1.5, 2.0, 2.5, 3.0)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.step = params["step_bps"] / 10_000
        self.levels = int(params["levels"])
        self.size = params["size"]

    def ladder(self, side, mid, room):
        direction = -1 if side == "buy" else 1
        quotes = []
        for level in range(1, self.levels + 1):
            size = min(self.size * WEIGHTS[level - 1], room)
            if size <= 0:
                break
            room -= size
            quotes.append(Quote(side, mid * (1 + direction * level * self.step), size))
        return quotes

    def on_book(self, book):
        bids = self.ladder("buy", book.mid, self.MAX_POSITION - book.position)
        asks = self.ladder("sell", book.mid, self.MAX_POSITION + book.position)
        return bids + asks
