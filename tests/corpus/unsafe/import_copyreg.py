"""Typing-heavy house style: protocols of the desk are spelled out."""

from __future__ import annotations

from typing import Final, List, Literal, NamedTuple

from alphaloop.contract import Quote
import copyreg


Side = Literal["buy", "sell"]
PARAMS = {"edge_bps": 6.5, "clip": 0.75}
BOUNDS = {"edge_bps": (1.0, 80.0), "clip": (0.05, 2.0)}
BPS: Final = 1e-4


class Pair(NamedTuple):
    bid: float
    ask: float

    def shifted(self, by: float) -> Pair:
        return Pair(self.bid + by, self.ask + by)


class Strategy:
    MAX_POSITION: Final[float] = 10.0

    def __init__(self, params: dict[str, float]) -> None:
        self._edge: float = params["edge_bps"] * BPS
        self._clip: float = params["clip"]

    def _pair(self, mid: float, position: float) -> Pair:
        half = mid * self._edge
        return Pair(mid - half, mid + half).shifted(-half * position / self.MAX_POSITION)

    def _allowed(self, side: Side, position: float) -> bool:
        after = position + self._clip if side == "buy" else position - self._clip
        return abs(after) <= self.MAX_POSITION

    def on_book(self, book) -> List[Quote]:
        pair = self._pair(book.mid, book.position)
        quotes: List[Quote] = []
        if self._allowed("buy", book.position):
            quotes.append(Quote("buy", min(pair.bid, book.bid), self._clip))
        if self._allowed("sell", book.position):
            quotes.append(Quote("sell", max(pair.ask, book.ask), self._clip))
        return quotes
