"""Small tapes made by hand, a strategy in this process, and a market to play in."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from alphaloop.contract import Book, Fill, Quote, Trade
from alphaloop.errors import StrategyFault
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.tape import BUY, DEPTH, EVENT, EXCHANGE, LATENCY, LOCAL, SELL, SNAPSHOT, Rows, Tape
from alphaloop.ports import Shown

START_NS = 1_000_000_000_000
MS = 1_000_000


class Strategy:
    """A worker in this process that answers what `answer` says, and remembers all that it was told."""

    def __init__(self, answer: Callable[[Book], list[Quote]] = lambda book: []) -> None:
        self.answer = answer
        self.told: list[Book | Trade | Fill | float] = []
        self.closed = False
        self.worked_s = 0.0

    @property
    def books(self) -> list[Book]:
        return [heard for heard in self.told if isinstance(heard, Book)]

    @property
    def fills(self) -> list[Fill]:
        return [heard for heard in self.told if isinstance(heard, Fill)]

    def on_book(self, shown: Shown) -> list[Quote]:
        book = Book(*shown)
        self.told.append(book)
        answer = self.answer(book)
        if answer is None:
            raise StrategyFault("strategy.py:1: it gave up")
        return answer

    def on_trade(self, trade: Trade) -> None:
        self.told.append(trade)

    def on_fill(self, fill: Fill) -> None:
        self.told.append(fill)

    def on_timer(self, now: float) -> None:
        self.told.append(now)

    def spent_s(self) -> float:
        return self.worked_s

    def close(self) -> None:
        self.closed = True


class Maker:
    """Builds tapes: times in ms after the start, prices in ticks of 1, sizes in lots of 1."""

    def __init__(self) -> None:
        self.feed_ms, self.order_ms = 5, 10

    def rows(self, *events: tuple[float, int, float, float], flags: int = EXCHANGE | LOCAL) -> Rows:
        made = np.zeros(len(events), EVENT)
        for place, (time_ms, kind, price, size) in enumerate(events):
            exch_ns = START_NS + round(time_ms * MS)
            made[place] = (kind | flags, exch_ns, exch_ns + self.feed_ms * MS, price, size, 0, 0, 0.0)
        return made

    def latency(self) -> Rows:
        made = np.zeros(2, LATENCY)
        for place, at_ns in enumerate((0, 10**15)):
            made[place] = (at_ns, at_ns + self.order_ms * MS, at_ns + 2 * self.order_ms * MS, 0)
        return made

    def tape(self, *events: tuple[float, int, float, float], seconds: float = 20.0, **more) -> Tape:
        """A book of 10 lots at 100 and 110, then `events`, and each second a sign of life."""
        opening = [(0.0, SNAPSHOT | BUY, 100, 10), (0.0, SNAPSHOT | SELL, 110, 10)]
        alive = [(second * 1_000.0, DEPTH | BUY, 1, 1) for second in range(1, int(seconds))]
        played = sorted([*events, *alive], key=lambda event: event[0])
        last = (seconds * 1_000, DEPTH | BUY, 1, 1)
        instrument = more.pop("instrument", Instrument("HAND", 1.0, 1.0, 0.0, 0.0))
        return Tape("by hand", instrument, self.rows(*opening, *played, last), self.latency(), **more)


@pytest.fixture(scope="session")
def strategy() -> type[Strategy]:
    return Strategy


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(
        max_position=10.0,
        max_order_size=10.0,
        max_order_value=10_000.0,
        max_leverage=10.0,
        max_drawdown=0.5,
        price_collar_bps=2_000.0,
        max_quotes_per_side=3,
        max_messages_per_second=100.0,
        min_spread_bps=0.0,
        max_spread_bps=400.0,
    )


@pytest.fixture(scope="session")
def market() -> Market:
    """The book world for 20 s, so that what plays in it is quick."""
    return Market(Instrument("SYN", 0.01, 0.001, 0.0, 5.0), 10_000.0, 1e-4, 20.0, WorldSpec("book"))


@pytest.fixture(scope="session")
def quoting() -> Callable[[Book], list[Quote]]:
    """Both sides of the mid, 3 bps away, leaning against the position."""

    def answer(book: Book) -> Sequence[Quote]:
        away, lean = book.mid * 3e-4, book.position * 0.01
        quotes = []
        if book.position <= 9:
            quotes.append(Quote("buy", book.mid - away - lean, 1.0))
        if book.position >= -9:
            quotes.append(Quote("sell", book.mid + away - lean, 1.0))
        return quotes

    return answer
