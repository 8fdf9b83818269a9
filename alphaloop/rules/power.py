"""What effect a test could have missed."""

import math
from collections.abc import Iterable

from alphaloop.facts.evidence import Scales
from alphaloop.rules.blocks import block_of, block_sd
from alphaloop.rules.wagers import LAMBDAS, stretch

# The normal quantile of 80 %.
_POWER_Z = 0.8416
_LARGEST_SD = 4.0


def smallest_effect_sd(level: float, pairs: int, scales: Scales) -> float | None:
    """The smallest true gain, in sd of the paired differences, that `pairs` pairs find four times in five.

    A normal approximation of the log winnings of the best single stake, which has paid for the other two;
    looking after every pair makes the real power a little better. None when not even 4 sd would be found.
    """
    if not 0 < level < 1 or pairs < 1:
        return None
    low, high = 0.0, _LARGEST_SD
    if not _found(high, level, pairs, scales):
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _found(middle, level, pairs, scales) else (middle, high)
    return high


def smallest_seen(scales: Scales, level: float, pairs: int) -> str:
    """In words, for a verdict; the scales' objective is in quote currency per episode."""
    effect = smallest_effect_sd(level, pairs, scales)
    if effect is None:
        return f"{pairs} pairs at level {level:.3g} are too few to see any effect"
    return (
        f"a true gain under {effect:.2f} sd ({effect * (scales.objective or 0.0):.3g} in quote currency an "
        f"episode) would be missed more than once in five"
    )


def _found(effect: float, level: float, pairs: int, scales: Scales) -> bool:
    return max(_margins(effect, level, pairs, scales)) >= 0


def _margins(effect: float, level: float, pairs: int, scales: Scales) -> Iterable[float]:
    unit, bets = stretch(scales), pairs // block_of(scales)
    mean, variance = effect / unit, (block_sd(scales) / unit) ** 2
    needed = math.log(len(LAMBDAS) / level)
    for stake in LAMBDAS:
        growth = stake * mean - stake**2 * (variance + mean**2) / 2
        yield bets * growth - _POWER_Z * math.sqrt(bets * variance) * stake - needed
