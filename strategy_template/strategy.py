"""A market maker that quotes both sides of the mid at one distance, and stops at its position limit.

Distances are in basis points of the mid and sizes in shares of MAX_POSITION, so that the same numbers make
sense on another market.  BOUNDS says how far a search may move each of them.
"""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 8.0, "size_share": 0.2}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "size_share": (0.02, 0.5)}


class Strategy:
    """Quotes the same size at the same distance on both sides, whatever it holds."""

    # The same literal as in risk.py, which only humans change.
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.size_share = params["size_share"]

    def on_book(self, book):
        half_spread = book.mid * self.half_spread_bps / 10_000
        bid = book.mid - half_spread
        ask = book.mid + half_spread
        size = self.MAX_POSITION * self.size_share

        # A side whose fill would pass the limit is not quoted: there is one order a side, so its size is the
        # most that can come on top of what is held.
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", bid, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", ask, size))
        return quotes
