"""What the base commit says: by these a change is judged, never by its own."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Limits, Market
from alphaloop.facts.role import Seats

RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Target:
    """The target or threshold of one metric, as in `>= 0.95`."""

    metric: str
    relation: str
    value: float

    def holds(self, value: float) -> bool:
        """Whether `value` stands in this relation."""
        return RELATIONS[self.relation](value, self.value)

    def __str__(self) -> str:
        return f"{self.relation} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Constitution:
    """Seats, market and limits of one commit, with the targets that people look at.

    thresholds: where something must be done about a metric; two seats hold a change by theirs.
    """

    seats: Seats
    market: Market
    limits: Limits
    targets: tuple[Target, ...]
    thresholds: tuple[Target, ...] = ()

    def threshold(self, metric: str) -> Target:
        """Where something must be done about `metric`; raises BadConfiguration when nobody said."""
        for one in self.thresholds:
            if one.metric == metric:
                return one
        raise BadConfiguration(
            f"roles.yaml: the thresholds do not name {metric}, and a seat decides by it; add it"
        )
