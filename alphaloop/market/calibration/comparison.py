"""A world beside a tape: how far apart their figures are, in units of what chance does to one tape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from alphaloop.facts.calibration import Calibration, Match
from alphaloop.facts.market import WorldSpec
from alphaloop.market.calibration.figures import UNITS, Figures, figures
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.observed import largest_difference

TAPES = 20
LONGEST_S = 3_600.0
"""A day-long tape is compared with hours: the sampling spread is then that of an hour, which is wider."""

Maker = Callable[[float, int], Tape]
"""Makes the simulated tape of a length in seconds and a seed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison and the figures that it is made of."""

    calibration: Calibration
    tape: Figures
    simulated: tuple[Figures, ...]


def compared(tape: Tape, world: WorldSpec, maker: Maker, tapes: int = TAPES) -> Compared:
    """`tape` beside `tapes` simulated tapes of its length, seeds 0 on, made by `maker` in `world`."""
    seconds = min(LONGEST_S, float(np.floor(np.ptp(tape.events["exch_ts"]) / 1e9)))
    here = figures(tape)
    simulated = tuple(figures(maker(seconds, seed)) for seed in range(tapes))
    matches = tuple(_match(name, unit, here, simulated) for name, unit in UNITS.items())
    return Compared(Calibration(tape.name, world, tapes, seconds, matches), here, simulated)


def _match(name: str, unit: str, here: Figures, simulated: Sequence[Figures]) -> Match:
    value = here.values[name]
    others = [one for each in simulated if (one := each.values[name]) is not None]
    if len(others) < 2:
        return Match(name, unit, value, None, None, None)
    world, spread = float(np.mean(others)), float(np.std(others, ddof=1))
    error = spread * (1 + 1 / len(others)) ** 0.5
    distance = (value - world) / error if value is not None and error > 0 else None
    return Match(name, unit, value, world, spread, distance, *_shapes(name, here, simulated))


def _shapes(name: str, here: Figures, simulated: Sequence[Figures]) -> tuple[float | None, float | None]:
    """The KS statistic of the tape against all simulated values, and of each simulated tape on average."""
    if name not in here.samples:
        return None, None
    samples = [np.sort(each.samples[name]) for each in simulated]
    if not len(here.samples[name]) or not all(len(sample) for sample in samples):
        return None, None
    pooled = np.sort(np.concatenate(samples))
    usual = float(np.mean([largest_difference(sample, pooled) for sample in samples]))
    return largest_difference(np.sort(here.samples[name]), pooled), usual
