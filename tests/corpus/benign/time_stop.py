"""Quotes less the longer a position has been held; a timer counts the seconds."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "patience_s": 30.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "patience_s": (1.0, 600.0)}


class Strategy:
    """Counts seconds with inventory; the quote that reduces it comes closer with time."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.seconds_held = 0
        self.holding = False

    def on_timer(self, now):
        if self.holding:
            self.seconds_held += 1
        else:
            self.seconds_held = 0

    def on_book(self, book):
        size = self.params["size_share"] * self.MAX_POSITION
        self.holding = abs(book.position) >= size
        urgency = min(1.0, self.seconds_held / self.params["patience_s"])
        wide = self.params["half_spread_bps"] * book.mid / 1e4
        near = max(wide * (1 - 0.8 * urgency), 0.5e-4 * book.mid)
        bid_offset = near if book.position < 0 else wide
        ask_offset = near if book.position > 0 else wide
        quotes = []
        if book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - bid_offset, size))
        if book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + ask_offset, size))
        return quotes
