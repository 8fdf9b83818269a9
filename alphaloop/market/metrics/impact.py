"""How far a large order moves the price against itself: the square-root law."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_PARENTS = 10
"""Below it the error of Y is about as large as Y: one execution moves by σ, its impact is a part of that."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A large order that was worked in parts.

    side: +1 buy, −1 sell; size: base units; arrival: mid when it was decided, price: average of its fills,
    sigma: deviation of the price over the time it was worked, all in quote currency; volume: what the market
    traded in that time, base units.
    """

    side: int
    size: float
    arrival: float
    price: float
    sigma: float
    volume: float

    def __post_init__(self) -> None:
        numbers = (self.size, self.arrival, self.price, self.sigma, self.volume)
        if self.side not in (1, -1) or not all(math.isfinite(one) and one > 0 for one in numbers):
            raise ValueError(f"a parent order has a side of 1 or -1 and positive finite numbers, not {self}")

    @property
    def scale_bps(self) -> float:
        """σ √(Q / V) in basis points of the arrival price."""
        return self.sigma / self.arrival * math.sqrt(self.size / self.volume) * 1e4

    @property
    def cost_bps(self) -> float:
        """What the price was worse than at arrival, basis points."""
        return self.side * (self.price - self.arrival) / self.arrival * 1e4


@dataclass(frozen=True, slots=True)
class Fit:
    """Y with its standard error, from `parents` orders."""

    y: float
    error: float
    parents: int


def fitted(parents: Sequence[Parent]) -> Fit | None:
    """Y by least squares through the origin: Y = Σ x c / Σ x², x = σ √(Q/V), c the cost; both bps.

    error: √(Σ (c − Y x)² / (n − 1) / Σ x²).  None below LEAST_PARENTS.
    """
    if len(parents) < LEAST_PARENTS:
        return None
    scale = np.array([parent.scale_bps for parent in parents])
    cost = np.array([parent.cost_bps for parent in parents])
    squares = float(scale @ scale)
    y = float(scale @ cost) / squares
    left = cost - y * scale
    return Fit(y, math.sqrt(float(left @ left) / (len(parents) - 1) / squares), len(parents))


def impact(parents: Sequence[Parent]) -> float | None:
    """= Y σ √(Q / V), bps, the size-weighted mean over parent orders, with Y fitted on those same orders.

    σ and V belong to the time in which an order was worked; the law does not change when both are taken over
    a day instead, since σ √(1/V) does not.  None below ten parent orders: quoting has none.  Y is usually 0.5
    to 0.7.  Tóth et al. (2011), "Anomalous price impact and the critical nature of liquidity in financial
    markets".  Trap: a description of orders that were sent, not a promise for one ten times as large.
    """
    fit = fitted(parents)
    if fit is None:
        return None
    sizes = np.array([parent.size for parent in parents])
    scale = np.array([parent.scale_bps for parent in parents])
    return fit.y * float(sizes @ scale) / float(sizes.sum())
