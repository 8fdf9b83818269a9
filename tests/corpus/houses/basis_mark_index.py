"""Perpetual basis: leans against mark minus index where the streams exist, else quotes plainly."""

from typing import Optional

from alphaloop.contract import Quote

PARAMS = {"half_bps": 7.0, "basis_gain": 0.3, "funding_gain": 5.0, "size": 0.5}
BOUNDS = {"half_bps": (1.0, 60.0), "basis_gain": (0.0, 1.0), "funding_gain": (0.0, 50.0), "size": (0.1, 1.0)}


def basis_of(book) -> Optional[float]:
    """Mark over index, in price units; None where either stream is missing."""
    if book.mark is None or book.index is None:
        return None
    return book.mark - book.index


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = params["half_bps"]
        self.basis_gain = params["basis_gain"]
        self.funding_gain = params["funding_gain"]
        self.size = params["size"]
        self.smooth_basis: Optional[float] = None

    def lean(self, book) -> float:
        basis = basis_of(book)
        lean = 0.0
        if basis is not None:
            if self.smooth_basis is None:
                self.smooth_basis = basis
            self.smooth_basis += 0.02 * (basis - self.smooth_basis)
            lean -= self.basis_gain * (basis - self.smooth_basis)
        if book.funding_rate is not None:
            lean -= self.funding_gain * book.funding_rate * book.mid * 0.01
        limit = 0.0004 * book.mid
        return max(-limit, min(limit, lean))

    def on_book(self, book):
        half = self.half_bps * book.mid / 10_000
        centre = book.mid + self.lean(book) - 0.6 * half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(centre - half, book.bid), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(centre + half, book.ask), self.size))
        return quotes
