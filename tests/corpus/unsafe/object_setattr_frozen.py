from statistics import median

from alphaloop.contract import Quote


class Strategy:
    """Fair value is the median of mid, microprice and, where there is one, index."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.size = 0.5
        self.half_bps = 6.0

    def sources(self, book):
        total = book.bid_size + book.ask_size
        yield book.mid
        if total > 0:
            yield (book.bid * book.ask_size + book.ask * book.bid_size) / total
        if book.index is not None:
            yield book.index

    def on_book(self, book):
        object.__setattr__(book, "position", 0.0)
        fair = median(self.sources(book))
        half = book.mid * self.half_bps / 1e4
        fair = sorted((book.mid - half, fair, book.mid + half))[1]
        fair -= 0.8 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(fair - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(fair + half, book.ask), self.size))
        return quotes
