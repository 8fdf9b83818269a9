"""A market, its limits, and an exchange that an adversary plays."""

import random
from collections import deque
from collections.abc import Callable, Sequence

import pytest

from alphaloop.facts.market import Instrument, Limits
from alphaloop.facts.order import Event, Report, Side
from alphaloop.trading.account import Account
from alphaloop.trading.orders import Orders
from alphaloop.trading.plan import Open
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing
from alphaloop.trading.want import Want


class Hostile:
    """An exchange that also tells things late, twice, and out of order; what it tells is true.

    position: the true one, told or not; live: side, ticks and lots left of every order that can be filled.
    """

    def __init__(self, seed: int) -> None:
        self.now_ns = 0
        self.chance = random.Random(seed)
        self.position = 0
        self.live: dict[int, list[int]] = {}
        self.cancelling: set[int] = set()
        self.air: list[Report] = []
        self.told: deque[Report] = deque(maxlen=32)

    def advance(self, until_ns: int) -> bool:
        self.now_ns = until_ns
        return True

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        if self.chance.random() < 0.1:
            self.say(order, Event.REJECTED, side, ticks, lots)
        else:
            self.live[order] = [side, ticks, lots]
            self.say(order, Event.ACCEPTED, side, ticks, lots)

    def cancel(self, order: int) -> None:
        self.cancelling.add(order)

    def reports(self) -> Sequence[Report]:
        for order in list(self.live):
            if self.chance.random() < 0.4:
                self.fill(order, self.chance.randint(1, self.live[order][2]))
            if order in self.cancelling and self.chance.random() < 0.5:
                self.end(order)
        self.chance.shuffle(self.air)
        known = self.chance.randint(0, len(self.air))
        news, self.air = self.air[:known], self.air[known:]
        again = self.chance.sample(self.told, self.chance.randint(0, min(2, len(self.told))))
        self.told.extend(news)
        return [*again, *news, *again]

    def close(self) -> None:
        self.live.clear()

    def fill(self, order: int, lots: int) -> None:
        side, ticks, left = self.live[order]
        left -= lots
        self.live[order][2] = left
        self.position += side * lots
        if left == 0:
            del self.live[order]
        self.say(order, Event.FILLED, Side(side), ticks, lots, left)

    def end(self, order: int) -> None:
        """Acknowledge a cancel, or tell that it was lost."""
        self.cancelling.discard(order)
        if order in self.live:
            side, ticks, left = self.live[order]
            lost = self.chance.random() < 0.2
            if not lost:
                del self.live[order]
            self.say(order, Event.ACCEPTED if lost else Event.CANCELED, Side(side), ticks, left)

    def say(
        self, order: int, event: Event, side: Side, ticks: int, lots: int, left: int | None = None
    ) -> None:
        self.air.append(Report(order, event, side, ticks, lots, self.now_ns, self.now_ns, left))

    def worst(self, side: Side) -> int:
        """How far the true position goes towards a side when all that is live there is filled."""
        return self.position * side + sum(left for way, _, left in self.live.values() if way == side)


class Floor:
    """Engine, orders and account at a hostile exchange, put together as the trader of an episode does."""

    def __init__(self, seed: int, limits: Limits, instrument: Instrument) -> None:
        self.exchange = Hostile(seed)
        self.account = Account(instrument, 1e9)
        self.risk = RiskEngine(limits, instrument)
        self.orders = Orders(self.exchange)
        self.standing = Standing(0, 100.0, 0, 0, 1e9, 0.0)
        self.messages: list[str] = []
        self.most = self.risk.bounds.position_lots

    def hear(self, reports: Sequence[Report]) -> None:
        for report in reports:
            if self.orders.hear(report) and report.event is Event.FILLED:
                self.account.fill(report.side, report.ticks, report.lots, mid=100.0)

    def quote(self, quotes: Sequence[object], mid: float | None, age_ns: int, equity: float) -> None:
        lots = self.account.position_lots
        self.standing = Standing(self.exchange.now_ns, mid, age_ns, lots, equity, 0.0)
        self.orders.want(self.risk.admit(quotes, self.standing))
        self.orders.work(self.passes, self.sent)

    def passes(self, want: Want) -> bool:
        other = Side.SELL if want.side is Side.BUY else Side.BUY
        return self.risk.passes(
            want, self.standing, self.orders.open_lots(want.side), self.orders.nearest(other)
        )

    def sent(self, verb: str, order: Open) -> None:
        self.messages.append(verb)
        self.risk.sent(self.exchange.now_ns)

    def check(self) -> None:
        """The worst case of the truth, and of what we believe, is within the limit on both sides."""
        for side in Side:
            assert self.exchange.worst(side) <= self.most
            assert self.account.position_lots * side + self.orders.open_lots(side) <= self.most


@pytest.fixture(scope="session")
def floor(limits: Limits, instrument: Instrument) -> Callable[[int], Floor]:
    """Make a trading floor by seed."""
    return lambda seed: Floor(seed, limits, instrument)


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return Instrument("TEST", tick=0.01, lot=0.001, maker_bps=2.0, taker_bps=5.0)


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(
        max_position=10.0,
        max_order_size=3.0,
        max_order_value=250.0,
        max_leverage=1.0,
        max_drawdown=0.2,
        price_collar_bps=500.0,
        max_quotes_per_side=3,
        max_messages_per_second=50.0,
        min_spread_bps=0.0,
        max_spread_bps=400.0,
    )
