"""How well a world matches a tape, statistic by statistic."""

import math
from dataclasses import dataclass

from alphaloop.facts.market import WorldSpec

NEAR = 2.0
"""Standard errors within which a tape and a world cannot be told apart by one figure."""


@dataclass(frozen=True, slots=True)
class Match:
    """One statistic of the tape beside the same statistic of simulated tapes of its length.

    tape and world: the figure, and its mean over the simulated tapes; spread: their standard deviation;
    distance: (tape − world) in standard errors, of which one is spread × √(1 + 1 / tapes), because the tape
    itself is one draw.  shape: the Kolmogorov–Smirnov statistic, the largest difference between the two
    shares of values below any one number, 0 to 1; usual: the same statistic of one simulated tape against the
    others, on average.  None where it is not defined.
    """

    name: str
    unit: str
    tape: float | None
    world: float | None
    spread: float | None
    distance: float | None
    shape: float | None = None
    usual: float | None = None

    def __post_init__(self) -> None:
        for value in (self.tape, self.world, self.spread, self.distance, self.shape, self.usual):
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{self.name}: a figure is a finite number or missing, not {value}")

    @property
    def near(self) -> bool | None:
        """Whether one figure cannot tell tape and world apart; None when there is no distance."""
        return None if self.distance is None else abs(self.distance) <= NEAR


@dataclass(frozen=True, slots=True)
class Calibration:
    """A world beside a tape: tapes simulated tapes of `seconds` each."""

    tape: str
    world: WorldSpec
    tapes: int
    seconds: float
    matches: tuple[Match, ...]
