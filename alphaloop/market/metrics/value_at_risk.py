"""The loss that one episode in a hundred exceeds."""

import numpy as np
from numpy.random import PCG64, Generator

from alphaloop.market.metrics.finite import finite
from alphaloop.market.metrics.returns import Profits

LEAST_EPISODES = 100
"""Below it, no episode lies at or under the 1 % quantile, and the number would be an extrapolation."""
RESAMPLES = 2_000


def value_at_risk_99(profits: Profits) -> tuple[float, float, float] | None:
    """1 % quantile of episode PnL, quote currency, with the ends of its 95 % bootstrap interval.

    A loss is negative.  Percentile bootstrap with a fixed seed, so the same episodes give the same interval.
    None below 100 episodes.  Trap: the interval is wide, and too narrow for heavy tails: no resample holds a
    worse episode than the worst seen.
    """
    if len(finite(profits, "episode PnL")) < LEAST_EPISODES:
        return None
    generator = Generator(PCG64(0))
    samples = profits[generator.integers(0, len(profits), (RESAMPLES, len(profits)))]
    low, high = np.quantile(np.quantile(samples, 0.01, axis=1), [0.025, 0.975])
    return float(np.quantile(profits, 0.01)), float(low), float(high)
