"""Small pure functions, a named tuple as configuration, and one method."""

from functools import reduce
from typing import NamedTuple

from alphaloop.contract import Book, Quote

PARAMS = {"half_spread_bps": 5.0, "skew_bps": 3.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "skew_bps": (0.0, 30.0)}


class Config(NamedTuple):
    half_spread_bps: float
    skew_bps: float
    size: float


def clamp(x: float, low: float, high: float) -> float:
    return max(low, min(high, x))


def adjustments(config: Config, book: Book, limit: float) -> list[float]:
    tilt = clamp((book.bid_size - book.ask_size) / (book.bid_size + book.ask_size + 1e-9), -1.0, 1.0)
    return [-config.skew_bps * book.position / limit, 0.5 * tilt]


def room(side: str, position: float, limit: float) -> float:
    return limit - position if side == "buy" else limit + position


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params: dict[str, float]) -> None:
        self.config = Config(params["half_spread_bps"], params["skew_bps"], params["size_share"] * self.MAX_POSITION)

    def on_book(self, book: Book) -> list[Quote]:
        shift = reduce(lambda total, x: total + x, adjustments(self.config, book, self.MAX_POSITION), 0.0)
        centre = book.mid * (1 + shift / 1e4)
        half = self.config.half_spread_bps * book.mid / 1e4
        sizes = {
            side: min(self.config.size, room(side, book.position, self.MAX_POSITION)) for side in ("buy", "sell")
        }
        prices = {"buy": centre - half, "sell": centre + half}
        return [Quote(side, prices[side], sizes[side]) for side in prices if sizes[side] > 0]
