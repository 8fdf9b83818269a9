"""Uses mark, index and funding where there are such streams."""
from typing import Optional

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "basis_weight": 0.2, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "basis_weight": (0.0, 0.5), "size_share": (0.02, 0.3)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half = params["half_spread_bps"] / 10_000
        self.weight = params["basis_weight"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.rows = [0.0]

    def basis(self, mark: Optional[float], index: Optional[float], mid: float) -> float:
        if mark is None or index is None:
            return 0.0
        return max(min((mark - index) / mid, 0.002), -0.002)

    def on_book(self, book):
        basis = self.basis(book.mark, book.index, book.mid)
        centre = book.mid * (1.0 - self.weight * basis)
        if book.funding_rate is not None and book.funding_rate > 0.0:
            centre -= book.mid * 0.0001
        bid = min(centre - self.half * book.mid, book.bid)
        ask = max(centre + self.half * book.mid, book.ask)
        size = self.size
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        self.rows.extend(self.rows)
        return None

    def on_timer(self, now):
        return None
