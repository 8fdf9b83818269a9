"""How likely the best of a search is to be a disappointment: combinatorially symmetric cross-validation."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.metrics.finite import finite

MOST_GROUPS = 16
"""As in the paper: 12,870 ways to halve them."""
LEAST_EPISODES = 6
"""Below it there are fewer than 20 ways to halve them, and the share of them says next to nothing."""

Scores = NDArray[np.float64]


def tried(rows: Sequence[Sequence[float]]) -> Scores | None:
    """The scores that the ledger kept of a search, shape (candidates, episodes); None when it kept none."""
    return np.array(rows, np.float64) if rows else None


def overfit_probability(scores: Scores) -> float | None:
    """= share of all halvings of the episodes in which the best of one half is below median in the other.

    scores: shape (candidates, episodes), every candidate on the same episodes, larger is better; a candidate
    is chosen and ranked by its mean, as the search does.  Episodes are cut into the largest even number of
    equal groups up to 16, in their order, the rest left out.  None below two candidates or six episodes.
    Ties take their average rank, and the median itself counts half, so that a choice among equals gives one
    half however many there are.  Bailey, Borwein, López de Prado & Zhu (2017), "The Probability of Backtest
    Overfitting".  Trap: transposed it is a number too, and a wrong one.
    """
    candidates, episodes = scores.shape
    if candidates < 2 or episodes < LEAST_EPISODES:
        return None
    sums = _groups(finite(scores.ravel(), "score of a candidate").reshape(scores.shape))
    chosen = _halves(sums.shape[1])
    inside, outside = chosen @ sums.T, ~chosen @ sums.T
    best = outside[np.arange(len(chosen)), inside.argmax(axis=1), None]
    below, above = (outside < best).sum(axis=1), (outside > best).sum(axis=1)
    # Fewer below than above is a rank under the median, as many is the median itself.
    return float(np.mean(np.where(below == above, 0.5, below < above)))


def _groups(scores: Scores) -> Scores:
    """Sums over equal groups of neighbouring episodes, shape (candidates, groups)."""
    candidates, episodes = scores.shape
    groups = min(MOST_GROUPS, episodes - episodes % 2)
    size = episodes // groups
    sums: Scores = scores[:, : groups * size].reshape(candidates, groups, size).sum(axis=2)
    return sums


def _halves(groups: int) -> NDArray[np.bool_]:
    """Every way to choose half of the groups, shape (ways, groups)."""
    ways = list(combinations(range(groups), groups // 2))
    chosen = np.zeros((len(ways), groups), bool)
    chosen[np.arange(len(ways))[:, None], np.array(ways)] = True
    return chosen
