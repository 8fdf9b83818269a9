"""Stops quoting new risk while the market is wild; only unwinds then."""

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "pause_vol_bps": 8.0, "resume_vol_bps": 5.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "pause_vol_bps": (0.5, 100.0), "resume_vol_bps": (0.5, 100.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]
        self.pause_vol_bps = params["pause_vol_bps"]
        self.resume_vol_bps = params["resume_vol_bps"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.paused = False

    def on_book(self, book):
        vol_bps = 1e4 * book.volatility / book.mid
        if vol_bps > self.pause_vol_bps:
            self.paused = True
        elif vol_bps < self.resume_vol_bps:
            self.paused = False

        half = self.half_spread_bps * book.mid / 10_000
        if self.paused:
            half *= 3
        quotes = []
        may_buy = book.position < 0 if self.paused else book.position + self.size <= self.MAX_POSITION
        may_sell = book.position > 0 if self.paused else book.position - self.size >= -self.MAX_POSITION
        if may_buy:
            quotes.append(Quote("buy", book.mid - half, self.size))
        if may_sell:
            quotes.append(Quote("sell", book.mid + half, self.size))
        return quotes
