"""Parameters by regime in a nested table, chosen with bisect on relative volatility."""

import bisect

from alphaloop.contract import Quote

PARAMS = {"scale": 1.0, "size_share": 0.1}
BOUNDS = {"scale": (0.2, 5.0), "size_share": (0.02, 0.4)}
EDGES = (2.0, 5.0, 10.0)
NAMES = ["quiet", "normal", "busy", "wild"]
REGIMES = {
    "quiet": {"half": 3.0, "skew": 2.0},
    "normal": {"half": 5.0, "skew": 3.0},
    "busy": {"half": 9.0, "skew": 5.0},
    "wild": {"half": 20.0, "skew": 10.0},
}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.scale = params["scale"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.counts = dict.fromkeys(NAMES, 0)

    def on_book(self, book):
        vol_bps = book.volatility / book.mid * 1e4
        name = NAMES[bisect.bisect_right(EDGES, vol_bps)]
        self.counts[name] += 1
        regime = REGIMES[name]
        half = regime["half"] * self.scale * book.mid / 1e4
        centre = book.mid - regime["skew"] * book.mid / 1e4 * book.position / self.MAX_POSITION
        half = min(half, 0.018 * book.mid)
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote(side="buy", price=centre - half, size=self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote(side="sell", price=centre + half, size=self.size))
        return quotes
