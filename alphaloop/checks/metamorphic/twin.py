"""What a twin of a market is: an edit that should change nothing, and the way back for the orders."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import SUBMIT, Journal
from alphaloop.market.tape import Tape
from alphaloop.simulation.venue import Venue

Orders = NDArray[np.int64]
"""Shape (n, 4): time in ns, side, ticks, lots."""


@dataclass(frozen=True, slots=True)
class Twin:
    """One way of telling a market otherwise.

    told: the twin of a tape and of where it is played; back: orders given to the twin, as they would have
    been in the original; compared: what of the orders is compared, each with its weight; meaning: what it
    says of a strategy when that differs; genuine: whether such a market could be met, so that faults and
    refusals count there as in any scenario; alike: the share of what is compared below which it is told.
    """

    name: str
    told: Callable[[Tape, Venue], tuple[Tape, Venue]]
    back: Callable[[Orders, Tape], Orders]
    meaning: str
    compared: Callable[[Orders], Counter[tuple[int, ...]]]
    genuine: bool = True
    alike: float = 0.98


def submitted(journal: Journal) -> Orders:
    """Every order of a run as it was sent."""
    sent = journal.orders[journal.orders["verb"] == SUBMIT]
    columns = [sent[name].astype(np.int64) for name in ("time_ns", "side", "ticks", "lots")]
    return np.stack(columns, axis=1)


def one_by_one(orders: Orders) -> Counter[tuple[int, ...]]:
    """Every order, with its time, side, price and size."""
    return Counter(map(tuple, orders.tolist()))


def lots_by_side(orders: Orders) -> Counter[tuple[int, ...]]:
    """How much was asked for on each side in all: where rounding decides, single orders differ."""
    return Counter({(side,): int(orders[orders[:, 1] == side, 3].sum()) for side in (1, -1)})


def as_they_are(orders: Orders, tape: Tape) -> Orders:
    """The orders of a twin in which prices and sizes are what they were."""
    return orders
