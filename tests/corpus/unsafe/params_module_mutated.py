"""Labels its own decisions with f-strings, for nothing but its own counters."""

from collections import defaultdict

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "size": 0.5}
BOUNDS = {"bps": (1.0, 50.0), "size": (0.1, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.bps = params["bps"]
        self.size = params["size"]
        self.fills = defaultdict(float)
        self.label = ""

    def on_fill(self, fill):
        bucket = "big" if fill.size >= self.size else "small"
        self.fills[f"{fill.side}-{bucket}"] += fill.size

    def on_book(self, book):
        PARAMS["half"] = book.mid
        share = book.position / self.MAX_POSITION
        self.label = f"{'long' if share > 0 else 'short'} {abs(share):.0%}"
        bought = self.fills["buy-big"] + self.fills["buy-small"]
        sold = self.fills["sell-big"] + self.fills["sell-small"]
        drift = (bought - sold) / (bought + sold + 1.0)
        half = book.mid * self.bps / 1e4
        centre = book.mid - half * max(-0.9, min(0.9, share + 0.1 * drift))
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, self.size))
        return quotes
