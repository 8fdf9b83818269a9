"""One measured number, or the fact that it is missing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """The four layers of the metrics."""

    INFRASTRUCTURE = "infrastructure"
    EXECUTION = "execution"
    RISK = "risk"
    STRATEGY = "strategy"


OWNERS: Mapping[Layer, str] = {
    Layer.INFRASTRUCTURE: "infrastructure",
    Layer.EXECUTION: "execution",
    Layer.RISK: "risk",
    Layer.STRATEGY: "quant",
}
"""The seat that answers for each layer."""


class Status(StrEnum):
    """How a metric stands against its target and its threshold, the worst that holds."""

    MEETS = "meets"
    MISSES = "misses"
    BEYOND = "beyond"
    MISSING = "missing"
    REPORTED = "reported"  # there is a value, and no target to hold it against


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with its unit; value is None when no event carried it (never 0, never a default).

    meets: whether the target of roles.yaml is met, beyond: whether its threshold is passed; None when there
    is no such line or no value.
    """

    name: str
    layer: Layer
    value: float | None
    unit: str
    target: str = ""
    meets: bool | None = None
    threshold: str = ""
    beyond: bool | None = None

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.name} is {self.value}: a metric is a finite number or missing")

    @property
    def status(self) -> Status:
        """How it stands: a passed threshold outweighs a target that is met."""
        if self.value is None:
            return Status.MISSING
        if self.beyond:
            return Status.BEYOND
        if self.meets is None:
            return Status.REPORTED
        return Status.MEETS if self.meets else Status.MISSES


@dataclass(frozen=True, slots=True)
class Record:
    """What Data measured of a strategy over some episodes: the four layers, and what they rest on."""

    metrics: tuple[Metric, ...]
    episodes: int
    rests_on: str

    def value(self, name: str) -> float | None:
        """The metric called `name`, or None when it is missing or unknown."""
        return next((metric.value for metric in self.metrics if metric.name == name), None)
