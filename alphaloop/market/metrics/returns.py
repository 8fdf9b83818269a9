"""Statistics over episodes: `profits` are the PnLs of independent episodes, shape (n,), quote currency."""

import math

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.metrics.finite import finite

Profits = NDArray[np.float64]


def sharpe(profits: Profits) -> float | None:
    """Mean / standard deviation (n − 1) of episode PnL, not annualised.

    None below two episodes or without dispersion.

    Trap: it is per episode, so it falls when episodes get shorter; compare like with like.  Losses of any
    shape give a negative value, shrinking ones too.
    """
    if len(finite(profits, "episode PnL")) < 2 or np.ptp(profits) == 0:
        return None
    return float(profits.mean() / profits.std(ddof=1))


def sharpe_error(profits: Profits) -> float | None:
    """Standard error of `sharpe` for independent episodes: √((1 + S²/2) / n).

    None where `sharpe` is.  Lo (2002), "The Statistics of Sharpe Ratios", eq. 9.  Trap: too small when
    episodes are autocorrelated.
    """
    ratio = sharpe(profits)
    return None if ratio is None else math.sqrt((1 + ratio**2 / 2) / len(profits))


def sortino(profits: Profits) -> float | None:
    """Mean / √mean(min(PnL, 0)²), not annualised; None without a losing episode, and without episodes.

    Trap: the mean in the downside deviation is over all episodes, not over the losing ones.
    """
    if len(finite(profits, "episode PnL")) == 0:
        return None
    downside = math.sqrt(float(np.mean(np.minimum(profits, 0.0) ** 2)))
    return float(profits.mean()) / downside if downside > 0 else None


def win_rate(profits: Profits) -> float | None:
    """Share of episodes with PnL > 0, a ratio; None without episodes.

    Trap: says nothing of how much is
    lost.
    """
    return float(np.mean(finite(profits, "episode PnL") > 0)) if len(profits) else None


def mean(profits: Profits) -> float | None:
    """Mean over episodes; None without episodes."""
    return float(finite(profits, "episode PnL").mean()) if len(profits) else None


def certainty_equivalent(profits: Profits, gamma: float) -> float | None:
    """−(1/γ) log mean exp(−γ × PnL), quote currency, γ in 1/quote.

    At γ = 0 its limit, the mean; None without episodes.

    Trap: a single catastrophic episode rules it, as it should; few episodes may simply not contain one.
    """
    if len(finite(profits, "episode PnL")) == 0:
        return None
    if gamma == 0:
        return float(profits.mean())
    # The largest exponent is taken out first, so that a great loss does not overflow.
    exponents = -gamma * profits
    largest = float(exponents.max())
    return -(largest + math.log(float(np.mean(np.exp(exponents - largest))))) / gamma
