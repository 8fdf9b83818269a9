"""State in dataclasses: an estimator and an inventory record, composed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from alphaloop.contract import Book, Fill, Quote

PARAMS = {"half_spread_bps": 6.0, "skew_bps": 3.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "skew_bps": (0.0, 30.0)}


@dataclass
class Ema:
    """Exponential mean with a weight for each new value."""

    weight: float
    value: float | None = None

    def update(self, x: float) -> float:
        self.value = x if self.value is None else self.value + self.weight * (x - self.value)
        return self.value


@dataclass(slots=True)
class Inventory:
    fills: deque[float] = field(default_factory=lambda: deque(maxlen=50))
    bought: float = 0.0
    sold: float = 0.0

    def record(self, fill: Fill) -> None:
        self.fills.append(fill.price)
        if fill.side == "buy":
            self.bought += fill.size
        else:
            self.sold += fill.size

    @property
    def turnover(self) -> float:
        return self.bought + self.sold


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params: dict[str, float]) -> None:
        self.half = params["half_spread_bps"] * 1e-4
        self.skew = params["skew_bps"] * 1e-4
        self.size = params["size_share"] * self.MAX_POSITION
        self.spread = Ema(0.05)
        self.inventory = Inventory()

    def on_fill(self, fill: Fill) -> None:
        self.inventory.record(fill)

    def on_book(self, book: Book) -> list[Quote]:
        spread = self.spread.update(book.ask - book.bid)
        half = max(self.half * book.mid, 0.5 * spread)
        half = min(half, 0.015 * book.mid)
        centre = book.mid - self.skew * book.mid * book.position / self.MAX_POSITION
        if self.inventory.turnover > 500 * self.MAX_POSITION:
            half *= 1.5
        quotes: list[Quote] = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", centre - half, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", centre + half, self.size))
        return quotes
