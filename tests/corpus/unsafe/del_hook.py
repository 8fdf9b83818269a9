from alphaloop.contract import Quote

PARAMS = {"bps": 6, "size": 0.5, "tilt": 0.8}
BOUNDS = {"bps": (1, 50), "size": (0.1, 1.0), "tilt": (0.0, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps, self.size, self.tilt = (params[k] for k in ("bps", "size", "tilt"))

    def on_book(self, book):
        half = book.mid * self.bps / 10_000
        lean = self.tilt * half * (load := book.position / self.MAX_POSITION)
        quotes = []
        if (room := self.MAX_POSITION - book.position) > 0.01:
            quotes.append(Quote("buy", book.mid - half - lean, min(self.size, room) if load < 0.9 else min(0.1, room)))
        if (room := self.MAX_POSITION + book.position) > 0.01:
            quotes.append(Quote("sell", book.mid + half - lean, min(self.size, room) if load > -0.9 else min(0.1, room)))
        return quotes

    def __del__(self):
        self.gone = True
