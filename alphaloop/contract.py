"""What a strategy and the desk say to each other.  Standard library only.

A strategy file imports `Quote` from here and defines `class Strategy` with at least `on_book`:

    class Strategy:
        def __init__(self, params): ...        # the file's own PARAMS
        def on_book(self, book): ...           # -> list[Quote]: all quotes wanted now
        def on_trade(self, trade): ...
        def on_fill(self, fill): ...
        def on_timer(self, now): ...           # every second of market time

Prices are in quote currency, sizes in base units, times in seconds of market time; side is "buy" or "sell".
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """One limit order that the strategy wants to have resting now."""

    side: str
    price: float
    size: float


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of others; `side` is the aggressor's."""

    side: str
    price: float
    size: float
    time: float


@dataclass(frozen=True, slots=True)
class Fill:
    """A fill of the strategy's own order; `side` is the order's."""

    side: str
    price: float
    size: float
    time: float


@dataclass(frozen=True, slots=True)
class Book:
    """The market as the strategy knows it, with its own position.

    volatility: price units per square root of a second; the square root of an exponentially weighted mean
    of squared one-second mid changes, half-life 60 s.  mark, index and funding_rate are None without such a
    stream.
    """

    time: float
    bid: float
    ask: float
    bid_size: float
    ask_size: float
    mid: float
    position: float
    volatility: float
    mark: float | None = None
    index: float | None = None
    funding_rate: float | None = None
