from collections import namedtuple

from alphaloop.contract import Quote

Ewma = namedtuple("Ewma", "mean var n")
PARAMS = {"rate": 0.05, "k": 1.8, "size": 0.4}
BOUNDS = {"rate": (0.001, 0.5), "k": (0.5, 5.0), "size": (0.1, 1.0)}


def advance(state, value, rate):
    """A new state; the old one is never changed."""
    diff = value - state.mean
    step = rate * diff
    return Ewma(state.mean + step, (1.0 - rate) * (state.var + diff * step), state.n + 1)


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.rate, self.k, self.size = params["rate"], params["k"], params["size"]
        self.state = None

    def on_book(self, book):
        if self.state is None:
            self.state = Ewma(book.mid, 0.0, 1)
        self.state = advance(self.state, book.mid, self.rate)
        if self.state.n < 30:
            return []
        band = max(self.k * self.state.var**0.5, 5e-4 * book.mid)
        band = min(band, 1e-2 * book.mid)
        lower = min(self.state.mean - band, book.bid)
        upper = max(self.state.mean + band, book.ask)
        lower = max(lower, 0.98 * book.mid)
        upper = min(upper, 1.02 * book.mid)
        quotes = []
        if self.size <= self.MAX_POSITION - book.position:
            quotes.append(Quote("buy", lower, self.size))
        if self.size <= self.MAX_POSITION + book.position:
            quotes.append(Quote("sell", upper, self.size))
        return quotes
