"""What the regimes world's law says of long runs, in closed form.

With π the share of time in wild spells, τ = 1 / (1/calm_s + 1/wild_s) the time in which the chain forgets its
state, and v_c, v_w (f_c, f_w) the variance (order rate) in either state over its stationary mean, c² =
π (1 − π) (v_w − v_c)² is the squared coefficient of variation of the instantaneous variance.
"""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.worlds.spells import paces, wild_share


def kurtosis(calm_s: float, wild_s: float, wild: float, horizon_s: float) -> float:
    """Kurtosis of the fair value's change over `horizon_s`: 3 (1 + 2 c² (x − x² (1 − e^(−1/x)))), x = τ/h."""
    share = remembered(np.array(forgetting_s(calm_s, wild_s) / horizon_s))
    return float(3.0 * (1.0 + 2.0 * _variation(calm_s, wild_s, wild**2) * share))


def remembered(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the variance of the mean of a process that forgets in a share `x` of the horizon.

    = x − x² (1 − e^(−1/x)), for a process of variance 1.
    """
    half: NDArray[np.float64] = x + x**2 * np.expm1(-1.0 / x)
    return half


def dispersion(trades: float, clustering: float, calm_s: float, wild_s: float, rush: float) -> float:
    """Variance over mean of the market orders in long windows, which is 1 for a Poisson process.

    A root and all that it brings forth are 1 / (1 − n) orders on average, n the clustering, and their squared
    number has the mean 1 / (1 − n)³; roots come at the rate μ = trades (1 − n), whose integral has the
    variance 2 c² τ μ² a second.  So the ratio is 1 / (1 − n)² + 2 c² τ trades, whatever the delays are.
    """
    spread = 2.0 * _variation(calm_s, wild_s, rush) * forgetting_s(calm_s, wild_s) * trades
    return 1.0 / (1.0 - clustering) ** 2 + spread


def forgetting_s(calm_s: float, wild_s: float) -> float:
    """τ: the correlation of the state with that of h seconds ago is exp(−h / τ)."""
    return 1.0 / (1.0 / calm_s + 1.0 / wild_s)


def _variation(calm_s: float, wild_s: float, ratio: float) -> float:
    share = wild_share(calm_s, wild_s)
    calm, wild = paces(calm_s, wild_s, ratio)
    return share * (1.0 - share) * (wild - calm) ** 2
