"""Market orders that bring forth others: a Hawkes process, drawn as the branching that it is.

Orders that nobody caused (roots) arrive at a rate that the spells modulate.  Every order is followed by a
Poisson number of others, `clustering` on average, each after its own delay.  A delay is lognormal with the
median `memory_s` and a standard deviation of its logarithm of `scatter`: recorded flow answers itself within
milliseconds and still after a minute, which no exponential kernel does.

Hawkes & Oakes (1974), "A cluster process representation of a self-exciting process".
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from alphaloop.market.worlds.params import refuse_many
from alphaloop.market.worlds.spells import Clock

MOST_CLUSTERING = 0.95
LONGEST_WARM_UP_S = 600.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Market orders in order of time, shape (n,) each.

    parents: the place of the order that brought this one forth, −1 for none; a parent stands before its
    child.
    """

    times_s: NDArray[np.float64]
    parents: NDArray[np.int64]


def arrivals(
    generator: Generator, clock: Clock, rate: float, law: tuple[float, float, float], end_s: float
) -> Arrivals:
    """Orders between 0 and `end_s` at the stationary `rate` a second; law: clustering, memory_s, scatter.

    The clock begins before 0 so that the clusters that are under way at 0 are there.
    """
    clustering, memory_s, scatter = law
    start, end = clock.at(np.array([clock.edges_s[0], end_s])).tolist()
    expected = rate * (1.0 - clustering) * (end - start)
    born = clock.when(start + generator.random(int(generator.poisson(expected))) * (end - start))
    times, parents = [born], [np.full(len(born), -1)]
    before = 0
    while len(born):
        children = generator.poisson(clustering, len(born))
        parent = np.repeat(np.arange(before, before + len(born)), children)
        delays = memory_s * np.exp(scatter * generator.standard_normal(len(parent)))
        came = times[-1][parent - before] + delays
        inside = came < end_s
        before += len(born)
        born = came[inside]
        times.append(born)
        parents.append(parent[inside])
        refuse_many("regimes", before + len(born))
    return _sorted(np.concatenate(times), np.concatenate(parents))


def warm_up_s(clustering: float, memory_s: float, scatter: float) -> float:
    """How long before 0 a flow must begin so that hardly anything of what 0 should show is missing.

    A cluster lasts for some mean delays, and rarely for many; LONGEST_WARM_UP_S bounds what a flow of very
    long delays costs, whose beginning is then a little thin.
    """
    mean_s = memory_s * math.exp(scatter**2 / 2)
    return min(5.0 * mean_s / (1.0 - clustering), LONGEST_WARM_UP_S)


def _sorted(times_s: NDArray[np.float64], parents: NDArray[np.int64]) -> Arrivals:
    """By time, without what came before 0; whose parent came before is nobody's child."""
    order = np.argsort(times_s, kind="stable")
    order = order[times_s[order] > 0.0]
    place = np.full(len(times_s) + 1, -1)
    place[order] = np.arange(len(order))
    return Arrivals(times_s[order], place[parents[order]])
