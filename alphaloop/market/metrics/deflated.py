"""How likely a Sharpe ratio is to be more than luck: Bailey & López de Prado (2012, 2014)."""

import math
from statistics import NormalDist

import numpy as np

from alphaloop.market.metrics.returns import Profits, sharpe

EULER_GAMMA = 0.5772156649015329


def probabilistic_sharpe(profits: Profits, benchmark: float = 0.0) -> float | None:
    """Probability that the true Sharpe ratio per episode is above `benchmark`, given skew and fat tails.

    Φ((S − S*) √(n − 1) / √(1 − skew S + (kurtosis − 1)/4 S²)); kurtosis of a normal is 3.  "The Sharpe Ratio
    Efficient Frontier" (2012), eq. 9.  None where `sharpe` is, below three episodes, and where the moments
    allow no variance.  Trap: counts no other attempts; `deflated_sharpe` does.
    """
    ratio = sharpe(profits)
    if ratio is None or len(profits) < 3:
        return None
    standard = (profits - profits.mean()) / profits.std()
    skew, kurtosis = float(np.mean(standard**3)), float(np.mean(standard**4))
    variance = 1 - skew * ratio + (kurtosis - 1) / 4 * ratio**2
    if variance <= 0:
        return None
    return NormalDist().cdf((ratio - benchmark) * math.sqrt((len(profits) - 1) / variance))


def deflated_sharpe(profits: Profits, trials: int) -> float | None:
    """`probabilistic_sharpe` against the best of `trials` attempts without any edge.  None without a trial.

    S* = √V ((1 − e) Φ⁻¹(1 − 1/N) + e Φ⁻¹(1 − 1/(N exp 1))) with Euler's e = 0.5772.  "The Deflated Sharpe
    Ratio" (2014), eq. 5 and 6.  V is the variance of the attempts' Sharpe ratios; the ledger counts attempts
    and keeps no ratio of each, so V is what chance alone gives n episodes, 1/(n − 1).  Trap: `trials` is of
    the ledger's whole life.
    """
    if trials < 1 or len(profits) < 3:
        return None
    return probabilistic_sharpe(profits, best_of(trials) / math.sqrt(len(profits) - 1))


def best_of(trials: int) -> float:
    """Expected maximum of `trials` independent standard normals, as the paper approximates it; 0 for one."""
    if trials <= 1:
        return 0.0
    normal = NormalDist()
    first, second = normal.inv_cdf(1 - 1 / trials), normal.inv_cdf(1 - 1 / (trials * math.e))
    return (1 - EULER_GAMMA) * first + EULER_GAMMA * second
