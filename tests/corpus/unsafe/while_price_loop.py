"""Three spreads compete; weights follow exponentiated gains measured from own fills."""
import math

from alphaloop.contract import Quote

EXPERTS = (4.0, 7.0, 12.0)
PARAMS = {"eta": 0.05, "size": 0.5}
BOUNDS = {"eta": (0.001, 1.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.eta = params["eta"]
        self.size = params["size"]
        self.scores = [0.0 for _ in EXPERTS]
        self.mid = None

    def weights(self):
        top = max(self.scores)
        raw = [math.exp(score - top) for score in self.scores]
        total = math.fsum(raw)
        return [r / total for r in raw]

    def on_fill(self, fill):
        if self.mid is None:
            return
        edge = (self.mid - fill.price) if fill.side == "buy" else (fill.price - self.mid)
        bps = edge / self.mid * 1e4
        for i, expert in enumerate(EXPERTS):
            self.scores[i] += self.eta * (-abs(bps - expert))

    def on_book(self, book):
        price = book.mid
        while price > 0.0:
            price = price - 0.0
            if price != book.mid:
                break
        self.mid = book.mid
        bps = sum(w * e for w, e in zip(self.weights(), EXPERTS, strict=True))
        half = book.mid * bps / 1e4
        lean = half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - half - lean, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + half - lean, book.ask), self.size))
        return quotes
