"""The game as mathematics: what a step does, and the paper's two rules for quoting in it.

Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book", section 3.3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.worlds.game import DEFAULTS

Distances = NDArray[np.float64]
"""Distances from the mid in quote currency, shape (2 limit + 1,): one for each inventory from −limit on."""
Policy = Callable[[int], tuple[Distances, Distances]]
"""Steps to go → distances of bid and ask."""


@dataclass(frozen=True, slots=True)
class Game:
    """Steps of one unit a side at most, with a mid that then goes up or down by `move`.

    move: quote currency; chance and decay: a quote at distance d is filled with probability min(1, chance
    exp(−decay d)) a step; limit: units, a side that could pass it is not quoted.
    """

    steps: int = 200
    move: float = DEFAULTS["sigma"] * DEFAULTS["dt"] ** 0.5
    chance: float = DEFAULTS["A"] * DEFAULTS["dt"]
    decay: float = DEFAULTS["k"]
    limit: int = 50

    @property
    def inventories(self) -> NDArray[np.int64]:
        """Every inventory there can be, shape (2 limit + 1,)."""
        return np.arange(-self.limit, self.limit + 1)

    def filled(self, bid: Distances, ask: Distances) -> tuple[Distances, Distances]:
        """Probabilities of a fill on either side in one step, 0 for the side that could pass the limit."""
        held = self.inventories
        buys, sells = (np.minimum(1.0, self.chance * np.exp(-self.decay * away)) for away in (bid, ask))
        return np.where(held < self.limit, buys, 0.0), np.where(held > -self.limit, sells, 0.0)

    @property
    def risk_neutral(self) -> float:
        """The best mean profit: each side of each step yields at most chance / (decay e), quote currency."""
        return 2 * self.steps * self.chance / (self.decay * float(np.e))


def formula(game: Game, gamma: float, leaning: bool) -> Policy:
    """The paper's spread, γσ²(T − t) + (2/γ) log(1 + γ/k), around its reservation price.

    Without leaning it is the same spread around the mid.  γ in 1/quote.
    """
    constant = 2 / gamma * float(np.log1p(gamma / game.decay))
    held = game.inventories

    def quotes(left: int) -> tuple[Distances, Distances]:
        risk = gamma * game.move**2 * left
        away = np.full(len(held), (risk + constant) / 2)
        lean = held * risk if leaning else np.zeros(len(held))
        return away + lean, away - lean

    return quotes
