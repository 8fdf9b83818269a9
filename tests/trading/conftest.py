"""A market, its limits, and an exchange that an adversary plays."""

import random
from collections.abc import Sequence

import pytest

from alphaloop.facts.market import Instrument, Limits
from alphaloop.facts.order import Event, Report, Side


class Adversary:
    """An exchange that fills, rejects, loses and delays at its pleasure, but never more than was sent."""

    def __init__(self, seed: int) -> None:
        self.now_ns = 0
        self.chance = random.Random(seed)
        self.open: dict[int, list[int]] = {}
        self.cancelling: set[int] = set()
        self.heard: list[Report] = []

    def advance(self, until_ns: int) -> bool:
        self.now_ns = until_ns
        return True

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        if self.chance.random() < 0.1:
            self.heard.append(Report(order, Event.REJECTED, side, ticks, lots, 0, self.now_ns))
            return
        self.open[order] = [side, ticks, lots]
        self.heard.append(Report(order, Event.ACCEPTED, side, ticks, lots, 0, self.now_ns))

    def cancel(self, order: int) -> None:
        self.cancelling.add(order)

    def reports(self) -> Sequence[Report]:
        for order in list(self.open):
            self._play(order)
        # Receipts may lag: only a part of what happened is heard of now.
        known = self.chance.randint(0, len(self.heard))
        told, self.heard = self.heard[:known], self.heard[known:]
        return told

    def close(self) -> None:
        self.open.clear()

    def _play(self, order: int) -> None:
        side, ticks, lots = self.open[order]
        if self.chance.random() < 0.5:
            filled = self.chance.randint(1, lots)
            self.open[order][2] -= filled
            self.heard.append(Report(order, Event.FILLED, Side(side), ticks, filled, 0, self.now_ns))
        left = self.open[order][2]
        if left == 0:
            del self.open[order]
        elif order in self.cancelling and self.chance.random() < 0.5:
            del self.open[order]
            self.heard.append(Report(order, Event.CANCELED, Side(side), ticks, left, 0, self.now_ns))


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


@pytest.fixture(scope="session")
def adversary() -> type[Adversary]:
    return Adversary
