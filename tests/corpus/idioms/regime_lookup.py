from alphaloop.contract import Quote

REGIMES = {'calm': {'width': 2.0, 'size': 1.0}, 'wild': {'width': 9.0, 'size': 0.2}}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.n = 0
        self.regime = REGIMES['calm']
    def on_book(self, book):
        self.regime = REGIMES['wild' if book.volatility > 0.5 else 'calm']
        width = self.regime['width']
        width += 1.0
        self.n = width
        half = book.mid * 0.001
        quotes = []
        if book.position + 1.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 1.0))
        if book.position - 1.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 1.0))
        return quotes
