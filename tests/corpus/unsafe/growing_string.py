"""Five-level symmetric grid whose step follows volatility; each side is cut when inventory is heavy."""

from alphaloop.contract import Quote

PARAMS = {"step_vol": 0.8, "levels": 4, "size": 0.4}
BOUNDS = {"step_vol": (0.1, 5.0), "levels": (1, 5), "size": (0.05, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.log = ""
        self.step_vol = params["step_vol"]
        self.levels = int(params["levels"])
        self.size = params["size"]

    def on_book(self, book):
        self.log += "b"
        step = max(self.step_vol * book.volatility, 0.0002 * book.mid)
        quotes = []
        for side, sign in (("buy", -1), ("sell", 1)):
            room = self.MAX_POSITION + sign * book.position
            for level in range(1, self.levels + 1):
                if room < self.size:
                    break
                room -= self.size
                quotes.append(Quote(side, book.mid + sign * level * step, self.size))
        return quotes
