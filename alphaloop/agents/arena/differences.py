"""Differences as a statistician would have them: of known mean, deviation one, and one vice each."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

CORRELATION = 0.3
_RUN_IN = 20

Numbers = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Numbers]
"""(tests, pairs) → differences of mean 0 and deviation 1."""


def normal(random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """No vice."""
    return random.standard_normal(shape)


def heavy(random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """Student's t with three degrees of freedom."""
    return random.standard_t(3, shape) / math.sqrt(3)


def skewed(random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """Many small gains, few large losses: one less an exponential."""
    return 1 - random.exponential(1.0, shape)


def rare_gains(random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """Many small losses, few large gains."""
    return random.exponential(1.0, shape) - 1


def autocorrelated(random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
    """Each difference keeps .3 of the one before."""
    tests, pairs = shape
    noise = random.standard_normal((tests, pairs + _RUN_IN)) * math.sqrt(1 - CORRELATION**2)
    for place in range(1, pairs + _RUN_IN):
        noise[:, place] += CORRELATION * noise[:, place - 1]
    return noise[:, _RUN_IN:]


KINDS: Mapping[str, Draw] = {
    "normal": normal,
    "t3": heavy,
    "skewed": skewed,
    "rare gains": rare_gains,
    "AR(1) 0.3": autocorrelated,
}
