"""The calm and wild spells of the regimes world, as the moments of a tape show them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.replay import Touches
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.moments import remembered
from alphaloop.market.worlds.observed import Orders, counts, moves

NEAR_S, FAR_S = 1.0, 10.0
"""The horizons whose kurtoses tell how long a spell lasts and how far the two states lie apart."""
FORGETTING_S: NDArray[np.float64] = np.geomspace(0.03, 60.0, 200, dtype=np.float64)
MOST_WILD = 100.0
SHORT_S = 0.1
ONE_STATE = {"wild": 1.0, "rush": 1.0}
MEDIAN_OF_NORMAL = 0.6745


def spells_of(tape: Tape, seen: Touches, orders: Orders, sigma: float) -> Mapping[str, float]:
    """calm_s, wild_s, wild and rush; wild and rush are 1 when no move is more extreme than a Gaussian's.

    The kurtoses of the mid's changes over NEAR_S and FAR_S give the chain's forgetting time and the variation
    of the variance; the median change, which most often is one of a calm spell, gives the calm volatility;
    rush is the rate of orders in tenths of a second with a move beyond the deviation over that in the others.
    """
    near = moves(tape, seen, NEAR_S, NEAR_S / 2)
    excess, noise = _excess(near), 2.0 * (24.0 / max(1, len(near) // 2)) ** 0.5 / 3.0
    calm = max(float(np.median(np.abs(near))) / MEDIAN_OF_NORMAL, sigma / MOST_WILD)
    rest = 1.0 - (calm / sigma) ** 2
    if excess <= noise or rest <= 0.1:
        return ONE_STATE
    forgetting = _forgetting(excess, _excess(moves(tape, seen, FAR_S, NEAR_S)))
    variation = excess / float(2.0 * remembered(np.array(forgetting / NEAR_S)))
    share = rest**2 / (rest**2 + variation)
    wild = (1.0 + rest / (share * (1.0 - rest))) ** 0.5
    return {
        "calm_s": forgetting / share,
        "wild_s": forgetting / (1.0 - share),
        "wild": min(wild, MOST_WILD),
        "rush": _rush(tape, seen, orders),
    }


def _excess(changes: NDArray[np.float64]) -> float:
    """Kurtosis / 3 − 1: the squared coefficient of variation of the variance over such a horizon."""
    second = float(np.mean(changes**2)) if len(changes) else 0.0
    return float(np.mean(changes**4)) / (3.0 * second**2) - 1.0 if second > 0 else 0.0


def _forgetting(near: float, far: float) -> float:
    """τ for which the two excesses have the ratio that they have; the shortest for a ratio beyond any."""
    if far <= 0:
        return float(FORGETTING_S[0])
    ratios = remembered(FORGETTING_S / NEAR_S) / remembered(FORGETTING_S / FAR_S)
    return float(FORGETTING_S[np.argmin(np.abs(np.log(ratios) - np.log(near / far)))])


def _rush(tape: Tape, seen: Touches, orders: Orders) -> float:
    changes = np.abs(moves(tape, seen, SHORT_S, SHORT_S))
    came = counts(tape, orders, SHORT_S, int(seen.times_ns[0]))
    size = min(len(changes), len(came))
    large = changes[:size] > np.sqrt(np.mean(changes**2))
    if not large.any() or large.all() or not came[:size][~large].any():
        return 1.0
    ratio = float(came[:size][large].mean() / came[:size][~large].mean())
    return min(max(ratio, 1.0), MOST_WILD)
