"""Quotes both sides of a centre that leans away from the mid: the less it leans, the better it trades.

Its one number that a search may move makes it better in everything that the gate looks at, so that a test
which needs a merge has one soon.
"""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 60.0, "lean_bps": 60.0, "size": 2.0}
BOUNDS = {"lean_bps": (1.0, 100.0)}


class Strategy:
    """One size on each side, as long as the limit allows."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params

    def on_book(self, book):
        room = {"buy": self.MAX_POSITION - book.position, "sell": self.MAX_POSITION + book.position}
        centre = book.mid * (1 - self.params["lean_bps"] / 10_000)
        away = book.mid * self.params["half_spread_bps"] / 10_000
        price = {"buy": centre - away, "sell": centre + away}
        size = self.params["size"]
        return [Quote(side, price[side], size) for side in ("buy", "sell") if size <= room[side]]
