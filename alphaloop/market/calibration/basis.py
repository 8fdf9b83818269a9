"""The basis of a recorded perpetual, as the parameters that give it to a world."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.market import WorldSpec
from alphaloop.market.ingest.basis import basis_series
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.params import rounded
from alphaloop.market.worlds.perpetual import MOST_BASIS_BPS

SECOND_NS = 1_000_000_000
LEAST = 30
"""Values of the basis below which nothing is said of it, as seconds of a book for the rest of a fit."""
SHORTEST_S = 0.1


def with_basis(world: WorldSpec, tape: Tape) -> WorldSpec:
    """`world` with `basis_bps` and `basis_half_life_s` of `tape`; as it is where the tape has no index.

    The deviation is that of (mid − index) / index whenever the index was told, at most once a second: later
    the index is old, and the difference tells of that.  The half-life is that of an Ornstein–Uhlenbeck
    process with the same autocorrelation from one to the next, 0.1 s where there is none.  The mean is left
    out: a world's basis has none, and no strategy may earn from a constant.  Funding is not taken over: one
    settlement of eight hours falls into every episode, however short.
    """
    basis_bps, apart_s = _basis_bps(tape)
    if len(basis_bps) < LEAST or basis_bps.std() == 0:
        return world
    deviation = min(float(basis_bps.std()), MOST_BASIS_BPS)
    half_life_s = _half_life(basis_bps) * apart_s
    own = tuple(param for param in world.params if param[0] not in ("basis_bps", "basis_half_life_s"))
    fitted = (("basis_bps", deviation), ("basis_half_life_s", max(SHORTEST_S, half_life_s)))
    return replace(world, params=own + tuple((name, rounded(value)) for name, value in fitted))


def _basis_bps(tape: Tape) -> tuple[NDArray[np.float64], float]:
    """The basis at the first index of each second, where it is known, 1/10,000; and their distance, s."""
    times_ns, values, held_ns = basis_series(tape)
    index = tape.channel("index")
    if index is None or not len(times_ns):
        return np.zeros(0), 1.0
    _, first = np.unique(index.times_ns // SECOND_NS, return_index=True)
    told_ns, level = index.times_ns[first], index.values[first]
    places = np.searchsorted(times_ns, told_ns, side="right") - 1
    known = (places >= 0) & (told_ns < times_ns[places] + held_ns[places])
    bps: NDArray[np.float64] = values[places[known]] / level[known] * 10_000
    apart_s = float(np.median(np.diff(told_ns[known]))) / SECOND_NS if known.sum() > 1 else 1.0
    return bps, apart_s


def _half_life(values: NDArray[np.float64]) -> float:
    """In steps from one value to the next; 0 where one says nothing of the next."""
    apart = values - values.mean()
    kept = float(np.mean(apart[1:] * apart[:-1]) / np.mean(apart**2))
    # Just below 1, so that a basis that never came back in the recording is slow, and not for ever.
    return float(np.log(0.5) / np.log(min(kept, 1 - 1 / len(values)))) if kept > 0 else 0.0
