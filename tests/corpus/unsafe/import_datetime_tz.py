"""Per-regime tables in nested literals; None means no quote."""
from alphaloop.contract import Quote
from datetime import datetime, timezone


TABLE = {
    "calm": {"bps": 5.0, "size": 0.6},
    "busy": {"bps": 9.0, "size": 0.4},
    "storm": None,
}
PARAMS = {"busy_at": 3.0, "storm_at": 12.0}
BOUNDS = {"busy_at": (0.5, 20.0), "storm_at": (2.0, 100.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.busy_at = params["busy_at"]
        self.storm_at = params["storm_at"]

    def regime(self, book):
        bps = book.volatility / book.mid * 1e4
        if bps >= self.storm_at:
            return "storm"
        return "busy" if bps >= self.busy_at else "calm"

    def on_book(self, book):
        weekday = datetime.fromtimestamp(book.time, timezone.utc).weekday()
        row = TABLE.get(self.regime(book))
        if row is None:
            return []
        half = book.mid * row["bps"] / 1e4
        size = row["size"]
        lean = half * book.position / self.MAX_POSITION
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", min(book.mid - half - lean, book.bid), size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", max(book.mid + half - lean, book.ask), size))
        return quotes
