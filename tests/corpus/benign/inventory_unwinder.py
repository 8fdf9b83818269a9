"""Normal quoting until a share of the limit is held; then one passive order works the position down."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "start_share": 0.5, "stop_share": 0.1, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "start_share": (0.2, 0.9), "stop_share": (0.0, 0.4)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.unwinding = False

    def on_book(self, book):
        held = abs(book.position) / self.MAX_POSITION
        if self.unwinding:
            self.unwinding = held > self.params["stop_share"]
        else:
            self.unwinding = held > self.params["start_share"]
        if self.unwinding:
            return self._unwind(book)
        return self._make(book)

    def _unwind(self, book):
        size = min(abs(book.position), 0.2 * self.MAX_POSITION)
        if size == 0:
            return []
        if book.position > 0:
            return [Quote("sell", max(book.ask, book.mid * 1.0001), size)]
        return [Quote("buy", min(book.bid, book.mid * 0.9999), size)]

    def _make(self, book):
        half = self.params["half_spread_bps"] * book.mid / 1e4
        size = self.params["size_share"] * self.MAX_POSITION
        return [Quote("buy", book.mid - half, size), Quote("sell", book.mid + half, size)]
