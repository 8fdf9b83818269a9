"""Joins the best price on both sides, and improves by a share of the spread when it is wide."""

from alphaloop.contract import Quote

PARAMS = {"improve_share": 0.2, "wide_bps": 10.0, "min_half_bps": 1.0, "size_share": 0.06}
BOUNDS = {"improve_share": (0.0, 0.45), "wide_bps": (1.0, 100.0), "min_half_bps": (0.5, 20.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params

    def on_book(self, book):
        spread = book.ask - book.bid
        step = self.params["improve_share"] * spread if spread / book.mid * 1e4 > self.params["wide_bps"] else 0.0
        floor = self.params["min_half_bps"] * book.mid / 1e4
        bid = min(book.bid + step, book.mid - floor)
        ask = max(book.ask - step, book.mid + floor)
        size = self.params["size_share"] * self.MAX_POSITION
        # Smaller on the side that would add to the position.
        buy = size * (1 - max(0.0, book.position) / self.MAX_POSITION)
        sell = size * (1 + min(0.0, book.position) / self.MAX_POSITION)
        quotes = [Quote("buy", bid, buy), Quote("sell", ask, sell)]
        return [quote for quote in quotes if quote.size > 0.001]
