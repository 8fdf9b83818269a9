"""What the base commit says: by these a change is judged, never by its own."""

from dataclasses import dataclass

from alphaloop.facts.market import Limits, Market
from alphaloop.facts.role import Seats


@dataclass(frozen=True, slots=True)
class Target:
    """The target of one metric, as in `>= 0.95`."""

    metric: str
    relation: str
    value: float


@dataclass(frozen=True, slots=True)
class Constitution:
    """Seats, market and limits of one commit, with the targets that people look at.

    thresholds: where something must be done about a metric.
    """

    seats: Seats
    market: Market
    limits: Limits
    targets: tuple[Target, ...]
    thresholds: tuple[Target, ...] = ()
