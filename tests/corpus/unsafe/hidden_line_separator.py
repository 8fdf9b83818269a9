from alphaloop.contract import Quote

PARAMS = {"gap_bps": 3.0, "clip": 0.4, "most": 4}
BOUNDS = {"gap_bps": (1.0, 20.0), "clip": (0.05, 1.0), "most": (1, 5)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.gap = params["gap_bps"] / 1e4
        self.clip = params["clip"]
        self.most = params["most"]

    def on_book(self, book):
        self.note = 1  # hello eval("x")
        quotes = []
        for side, touch, direction, room in (
            ("buy", book.bid, -1, self.MAX_POSITION - book.position),
            ("sell", book.ask, 1, self.MAX_POSITION + book.position),
        ):
            level = 0
            while room >= self.clip and level < self.most:
                level += 1
                room -= self.clip
                quotes.append(Quote(side, touch + direction * level * self.gap * book.mid, self.clip))
        return quotes
