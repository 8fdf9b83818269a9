"""What infinitely many paths of a quoting rule come to, without drawing any of them.

Backwards from the end: for every inventory the moments of what is still to be earned, of the inventory that
is left, and the logarithms of the mean of exp(−γ profit) and of its square.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, expm1, sqrt

import numpy as np
from numpy.typing import NDArray

from alphaloop.facts.anchor import Figures
from alphaloop.simulation.anchor.model import Game, Policy

Array = NDArray[np.float64]
ORDERS = 5
"""Moments 0 to 4: the fourth says how far a standard deviation scatters."""
SETTLED = 0.25
"""A certainty equivalent whose mean of exp(−γ profit) scatters by more than this share is not settled."""


@dataclass(frozen=True, slots=True)
class Exact:
    """figures: of infinitely many paths; the rest says how those of finitely many scatter.

    kurtoses of profit and of final inventory; excess: log(1 + x) of x the variance of exp(−γ profit) over its
    squared mean, which is astronomical for a rule that leaves its inventory alone.
    """

    gamma: float
    figures: Figures
    profit_kurtosis: float
    inventory_kurtosis: float
    excess: float

    def errors(self, paths: int) -> Figures:
        """Standard errors of the figures of `paths` paths; None for a certainty equivalent not settled.

        By the delta method: of a standard deviation from the variance of the sample variance, which is
        sd⁴ (kurtosis − (n − 3) / (n − 1)) / n; of the certainty equivalent the relative error of the mean of
        exp(−γ profit) over γ.
        """
        made = self.figures
        share = sqrt(expm1(self.excess) / paths) if self.excess < 100 else float("inf")
        return Figures(
            made.profit_sd / sqrt(paths),
            made.profit_sd * _scatter(self.profit_kurtosis, paths),
            made.final_inventory_sd * _scatter(self.inventory_kurtosis, paths),
            share / self.gamma if share <= SETTLED else None,
        )


def exact(game: Game, policy: Policy, gamma: float) -> Exact:
    """Play `policy` from no inventory in all ways at once; γ in 1/quote."""
    held = game.inventories
    profit = np.zeros((ORDERS, len(held)))
    profit[0] = 1.0
    inventory = np.stack([held.astype(float) ** order for order in range(ORDERS)])
    once, twice = np.zeros(len(held)), np.zeros(len(held))
    for left in range(1, game.steps + 1):
        ways = list(_ways(game, *policy(left)))
        profit = np.sum([chance * _shifted(profit[:, to], gain) for chance, gain, to in ways], axis=0)
        inventory = np.sum([chance * inventory[:, to] for chance, _, to in ways], axis=0)
        once, twice = (
            np.logaddexp.reduce([_log(chance) - risk * gain + log[to] for chance, gain, to in ways])
            for risk, log in ((gamma, once), (2 * gamma, twice))
        )
    flat = game.limit
    mean, sd, profit_kurtosis = _shape(profit[:, flat].tolist())
    _, left_sd, left_kurtosis = _shape(inventory[:, flat].tolist())
    figures = Figures(mean, sd, left_sd, float(-once[flat] / gamma))
    return Exact(gamma, figures, profit_kurtosis, left_kurtosis, float(twice[flat] - 2 * once[flat]))


def _scatter(kurtosis: float, paths: int) -> float:
    """The relative error of a standard deviation."""
    return sqrt((kurtosis - (paths - 3) / (paths - 1)) / (4 * paths))


def _ways(game: Game, bid: Array, ask: Array) -> Iterator[tuple[Array, Array, NDArray[np.int64]]]:
    """Everything that can happen in a step: its probability, what it earns, and the place it leads to."""
    held = game.inventories
    buys, sells = game.filled(bid, ask)
    for bought in (0, 1):
        for sold in (0, 1):
            chance = (buys if bought else 1 - buys) * (sells if sold else 1 - sells)
            # Beyond the limit the chance is 0, and any place will do.
            after = np.clip(held + bought - sold, -game.limit, game.limit)
            for move in (game.move, -game.move):
                yield chance / 2, bought * bid + sold * ask + after * move, after + game.limit


def _shifted(moments: Array, gain: Array) -> Array:
    """The moments of X + gain from those of X."""
    made = [
        np.sum([comb(k, j) * gain ** (k - j) * moments[j] for j in range(k + 1)], axis=0)
        for k in range(ORDERS)
    ]
    return np.stack(made)


def _log(chance: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(chance))


def _shape(moments: list[float]) -> tuple[float, float, float]:
    """Mean, standard deviation and kurtosis from the moments around zero; the kurtosis of a constant is 1."""
    _, first, second, third, fourth = moments
    variance = second - first**2
    if variance <= 1e-12 * second:
        return first, 0.0, 1.0
    around = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    return first, sqrt(variance), around / variance**2
