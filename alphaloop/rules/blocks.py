"""Blocks of five pairs, for differences that remember the one before.

A bet on every pair wins too often when a lucky pair follows a lucky one: eleven times as often as it says at
a correlation of .3. Whether pairs are bet on one by one or five at a time is decided by pilots alone, this
test's and those of the ledger before, and stands there before the first judged pair: docs/decisions/0047.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from alphaloop.facts.evidence import Scales

BLOCK = 5
ALONE, ALWAYS = 0.23, 0.1
"""What the mean correlation of pilots must be above: .23 for one of 40 pairs, which one in twenty independent
ones shows, .23/√n for n of them, and never less than .1."""


def neighbours(gains: Sequence[float]) -> float:
    """The correlation of each gain with the next, in their order; 0 below three or without deviation."""
    largest = max(map(abs, gains), default=0.0)
    if len(gains) < 3 or not 0 < largest < math.inf:
        return 0.0
    # In shares of the largest, so that no sum of finite gains is too large for a float.
    shares = [gain / largest for gain in gains]
    mean = math.fsum(shares) / len(shares)
    away = [share - mean for share in shares]
    total = math.fsum(one * one for one in away)
    if not total:
        return 0.0
    beside = math.fsum(one * other for one, other in pairwise(away))
    return max(-1.0, min(1.0, beside / total))


def pooled(scales: Scales) -> float:
    """The mean correlation of this pilot and the earlier ones: it is the market's, not the idea's."""
    return (scales.earlier * scales.earlier_neighbours + scales.neighbours) / (scales.earlier + 1)


def line(pilots: float) -> float:
    """The mean correlation of so many pilots above which pairs are bet on in blocks."""
    return max(ALWAYS, ALONE / math.sqrt(pilots))


def block_of(scales: Scales) -> int:
    """How many pairs make one observation."""
    return BLOCK if pooled(scales) > line(scales.earlier + 1) else 1


def block_sd(scales: Scales) -> float:
    """The deviation of the mean of a block, in deviations of one pair; 1 without blocks.

    As of a series in which each difference keeps a share r of the one before; r is the pilots', and on top
    what so few pairs understate it by, (1 + 3r)/n.
    """
    if block_of(scales) == 1:
        return 1.0
    r = pooled(scales)
    r = min(0.9, r + (1 + 3 * r) / max(1, scales.pilots))
    spread = 1 + 2 * math.fsum((1 - lag / BLOCK) * r**lag for lag in range(1, BLOCK))
    return math.sqrt(spread / BLOCK)
