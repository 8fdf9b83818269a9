"""How the market orders of a tape follow one another, as a law of the regimes world.

There is no closed form that a tape of minutes could be asked.  So the flow of some laws is drawn, always with
the same seed, and the nearest to the tape is taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from alphaloop.market.tape import Tape
from alphaloop.market.worlds.clusters import MOST_CLUSTERING
from alphaloop.market.worlds.flow import TRADE
from alphaloop.market.worlds.observed import (
    SECOND_NS,
    Orders,
    counts,
    dispersion,
    largest_difference,
    side_autocorrelation,
)
from alphaloop.market.worlds.regime_flow import draw

SHARES = (0.0, 0.25, 0.5, 0.75)
MEMORY_S = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SCATTER = (0.5, 1.5, 2.5, 3.5)
PERSISTENCE = tuple(share / 20 for share in range(21))
SPLITTING = (0.0, 0.5, 0.8, 0.9, 0.95)
WINDOWS_S = (1.0, 10.0)
TRIED_ORDERS = 12_000
LONGEST_TRIAL_S = 86_400.0
LEAST_DISPERSION = 0.01
HARDLY = 0.1
"""Clustering below this is none."""
DEEPEST_LAG = 20
Params = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Pauses between orders in seconds, rising, the dispersion of counts in each of WINDOWS_S, and sides."""

    pauses_s: NDArray[np.float64]
    dispersions: tuple[float, ...]
    autocorrelation: NDArray[np.float64]


def law_of(tape: Tape, orders: Orders, known: Params) -> Params:
    """clustering, memory_s, scatter, persistence and splitting of `orders`, beside the `known` parameters."""
    dispersions = tuple(dispersion(counts(tape, orders, window)) for window in WINDOWS_S)
    shown = _Shown(np.sort(orders.pauses_s), dispersions, side_autocorrelation(orders.sides, DEEPEST_LAG))
    law = min(_laws(dispersions[-1]), key=lambda law: _apart(shown, _trial({**known, **law}, tape)))
    found = {**known, **law}
    sides = ({"persistence": one, "splitting": other} for one, other in product(PERSISTENCE, SPLITTING))
    return law | min(sides, key=lambda shares: _sides_apart(shown, found | shares, tape))


def _laws(dispersed: float) -> Iterator[dict[str, float]]:
    """Laws to try; counts in a window show at least as much clustering as 1 / (1 − n)² says of all time."""
    least = 1.0 - max(1.0, dispersed) ** -0.5
    if least < HARDLY:
        yield {"clustering": 0.0}
        return
    for share, memory_s, scatter in product(SHARES, MEMORY_S, SCATTER):
        clustering = min(least + share * (MOST_CLUSTERING - least), MOST_CLUSTERING)
        yield {"clustering": clustering, "memory_s": memory_s, "scatter": scatter}


def _apart(shown: _Shown, trial: _Shown) -> float:
    """How unlike pauses, counts and runs of sides are, in units in which a tenth of each is as plain."""
    logs = np.log(np.maximum([shown.dispersions, trial.dispersions], LEAST_DISPERSION))
    counted = float(np.mean(np.abs(logs[0] - logs[1])))
    pauses = largest_difference(shown.pauses_s, trial.pauses_s)
    return pauses + counted / 2 + 2 * _runs_apart(shown.autocorrelation, trial.autocorrelation)


def _runs_apart(shown: NDArray[np.float64], trial: NDArray[np.float64]) -> float:
    """Deviation from the nearest multiple of the other autocorrelation: persistence scales it later."""
    if len(trial) != len(shown) or not trial.any():
        return 0.0
    scale = max(0.0, float(shown @ trial) / float(trial @ trial))
    return float(np.sqrt(np.mean((shown - scale * trial) ** 2)))


def _sides_apart(shown: _Shown, params: Params, tape: Tape) -> float:
    trial = _trial(params, tape).autocorrelation
    if len(trial) != len(shown.autocorrelation):
        return float("inf")
    return float(np.sum((trial - shown.autocorrelation) ** 2))


def _trial(params: Params, tape: Tape) -> _Shown:
    """What the flow of a law shows, with few makers and a fair value that hardly moves.

    Neither changes when orders come, nor how their sides follow one another.
    """
    seconds = min(max(2 * WINDOWS_S[-1], TRIED_ORDERS / params["trades"]), LONGEST_TRIAL_S)
    quiet = {**params, "requotes": 1.0, "updates": 0.0, "sigma": 1e-6 * params["price"]}
    flow = draw(Generator(PCG64(0)), quiet, tape.instrument, seconds)
    mine = flow.kinds == TRADE
    times_ns = flow.times_ns[mine]
    windows = [np.histogram(times_ns, np.arange(0, seconds, window) * SECOND_NS)[0] for window in WINDOWS_S]
    acf = side_autocorrelation(flow.sides[mine], DEEPEST_LAG)
    return _Shown(np.sort(np.diff(times_ns)) / SECOND_NS, tuple(dispersion(w) for w in windows), acf)
