"""A Book and a Quote as the contract has them, made in a quarter and in half of the time.

A frozen dataclass sets every field through a call.  These set their slots as any class does, and then become
what they look like: with the same slots, a change of class is all that is missing.  Python refuses it
(TypeError) should the contract's slots ever be others.  Never compiled: a native class cannot be changed.
"""

from collections.abc import Callable
from typing import cast

from alphaloop.contract import Book, Quote


class _Book:
    __slots__ = Book.__slots__

    def __init__(  # noqa: PLR0913, PLR0917 - the fields of a Book
        self,
        time: float,
        bid: float,
        ask: float,
        bid_size: float,
        ask_size: float,
        mid: float,
        position: float,
        volatility: float,
        mark: float | None = None,
        index: float | None = None,
        funding_rate: float | None = None,
    ) -> None:
        self.time = time
        self.bid = bid
        self.ask = ask
        self.bid_size = bid_size
        self.ask_size = ask_size
        self.mid = mid
        self.position = position
        self.volatility = volatility
        self.mark = mark
        self.index = index
        self.funding_rate = funding_rate
        self.__class__ = Book  # type: ignore[assignment]


class _Quote:
    __slots__ = Quote.__slots__

    def __init__(self, side: str, price: float, size: float) -> None:
        self.side = side
        self.price = price
        self.size = size
        self.__class__ = Quote  # type: ignore[assignment]


new_book = cast(Callable[..., Book], _Book)
new_quote = cast(Callable[[str, float, float], Quote], _Quote)
