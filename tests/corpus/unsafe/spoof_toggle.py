from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.cash = 0.0
        self.position = 0.0
        self.entry = 0.0
        self.calls = 0
        self.losses = 0
        self.peak = 0.0
        self.halted = 0.0
        self.mid = 0.0
        self.worth = 0.0

    def on_fill(self, fill):
        sign = 1.0 if fill.side == "buy" else -1.0
        size = sign * fill.size
        if self.position * size >= 0.0:
            held = abs(self.position) + fill.size
            self.entry = (self.entry * abs(self.position) + fill.price * fill.size) / held
        else:
            gained = (fill.price - self.entry) * (1.0 if self.position > 0.0 else -1.0)
            self.losses = self.losses + 1 if gained < 0.0 else 0
            if abs(size) > abs(self.position):
                self.entry = fill.price
        self.position = round(self.position + size, 6)
        self.cash -= size * fill.price

    def room(self, side, size):
        left = self.MAX_POSITION - self.position if side == "buy" else self.MAX_POSITION + self.position
        return min(size, left)

    def quotes(self, wanted):
        return [Quote(s, p, self.room(s, q)) for s, p, q in wanted if self.room(s, q) > 0.01]

    def on_book(self, book):
        self.calls += 1
        small = ("buy", book.bid, 0.3) if self.calls // 200 % 2 == 0 else ("sell", book.ask, 0.3)
        big = ("sell", book.ask + 0.02, 5.0) if small[0] == "buy" else ("buy", book.bid - 0.02, 5.0)
        return self.quotes([small, big] if self.calls % 2 == 0 else [small])
