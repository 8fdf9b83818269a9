"""The tournament's rule over many tests at once, for simulation only: what judges is `rules.betting`.

The same bets on the gains, in arrays of tests by pairs; without guards, which are equal here. That both give
the same ends after the same pairs is a test.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alphaloop.rules.betting import ENOUGH, HARMFUL, LAMBDA_AGAINST
from alphaloop.rules.blocks import BLOCK, line
from alphaloop.rules.wagers import CLIP, LAMBDAS, MARGIN_SD, STRETCH

Numbers = NDArray[np.float64]


class Ends(NamedTuple):
    """Of each test: whether it promoted, and the pairs that it took.  Shapes (tests,)."""

    better: NDArray[np.bool_]
    pairs: NDArray[np.int64]


def ended(pilot: Numbers, gains: Numbers, levels: Numbers, beside: Numbers, pilots: float) -> Ends:
    """How tests end.  pilot and gains: shapes (tests, pilots) and (tests, cap); levels: shape (tests,).

    beside: the mean correlation of neighbours in `pilots` pilots, each test's own among them, shape (tests,).
    """
    sd = pilot.std(axis=1, ddof=1)
    switched = beside > line(pilots)
    better = np.zeros(len(sd), bool)
    pairs = np.zeros(len(sd), np.int64)
    for block, rows in ((1, ~switched), (BLOCK, switched)):
        if not rows.any():
            continue
        unit = STRETCH if block == 1 else STRETCH / 2 * _block_sd(beside[rows], pilot.shape[1])
        ends = _ends(gains[rows], sd[rows], np.broadcast_to(unit, rows.sum()), levels[rows], block)
        better[rows], pairs[rows] = ends
    return Ends(better, pairs)


def neighbours(pilot: Numbers) -> Numbers:
    """The correlation of each gain with the next, shape (tests,)."""
    away = pilot - pilot.mean(axis=1, keepdims=True)
    found: Numbers = (away[:, 1:] * away[:, :-1]).sum(axis=1) / (away**2).sum(axis=1)
    return found


def _ends(gains: Numbers, sd: Numbers, unit: Numbers, levels: Numbers, block: int) -> Ends:
    whole = gains.shape[1] // block
    means = gains[:, : whole * block].reshape(len(gains), whole, block).mean(axis=2)
    x = np.clip(means / (sd * unit)[:, None], -CLIP, CLIP)
    proven = _worth(x) >= 1 / levels[:, None]
    proven &= np.cumsum(means, axis=1) > 0
    below = np.clip(x - (MARGIN_SD / unit)[:, None], -CLIP, CLIP)
    refused = _worth(-x) >= HARMFUL
    refused |= np.cumprod(1 - LAMBDA_AGAINST * below, axis=1) >= ENOUGH
    first, last = _first(proven), _first(refused)
    return Ends((first < whole) & (first <= last), block * np.minimum(np.minimum(first, last) + 1, whole))


def _worth(x: Numbers) -> Numbers:
    worth: Numbers = np.mean([np.cumprod(1 + stake * x, axis=1) for stake in LAMBDAS], axis=0)
    return worth


def _first(which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first place of each row, or the number of places."""
    return np.where(which.any(axis=1), which.argmax(axis=1), which.shape[1])


def _block_sd(beside: Numbers, pilots: int) -> Numbers:
    """As `rules.blocks.block_sd`."""
    r = np.minimum(0.9, beside + (1 + 3 * beside) / pilots)
    spread: Numbers = 1 + 2 * np.sum([(1 - lag / BLOCK) * r**lag for lag in range(1, BLOCK)], axis=0)
    return np.sqrt(spread / BLOCK)
