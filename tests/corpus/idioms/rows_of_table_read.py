from alphaloop.contract import Quote

GRID = [[1.0, 2.0], [4.0, 8.0]]


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0

    def on_book(self, book):
        row = GRID[0] if book.position > 0 else GRID[1]
        acc = 0.0
        for width in row:
            acc += width
        self.n = acc
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
