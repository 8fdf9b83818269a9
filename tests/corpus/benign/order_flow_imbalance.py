"""Leans with signed trade flow of the last seconds, kept in a window that is pruned by time."""

from collections import deque

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "flow_bps": 2.0, "window_s": 5.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "flow_bps": (0.0, 20.0), "window_s": (0.5, 60.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.trades = deque()
        self.net = 0.0
        self.gross = 0.0

    def on_trade(self, trade):
        signed = trade.size if trade.side == "buy" else -trade.size
        self.trades.append((trade.time, signed))
        self.net += signed
        self.gross += trade.size

    def _prune(self, now):
        while self.trades and self.trades[0][0] < now - self.params["window_s"]:
            _, signed = self.trades.popleft()
            self.net -= signed
            self.gross -= abs(signed)

    def on_book(self, book):
        self._prune(book.time)
        imbalance = self.net / self.gross if self.gross > 1e-9 else 0.0
        imbalance = max(-1.0, min(1.0, imbalance))
        centre = book.mid * (1 + imbalance * self.params["flow_bps"] / 1e4)
        half = book.mid * self.params["half_spread_bps"] / 1e4
        size = self.MAX_POSITION * self.params["size_share"]
        return [
            Quote(side, price, size)
            for side, price, ok in (
                ("buy", centre - half, book.position + size <= self.MAX_POSITION),
                ("sell", centre + half, book.position - size >= -self.MAX_POSITION),
            )
            if ok
        ]
