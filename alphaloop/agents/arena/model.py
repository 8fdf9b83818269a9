"""What a change of target is worth in the game, in deviations of a paired difference: by a model.

Many paths at once, both sides on the same moves and draws, as in an episode.  The exchange and the worker
have no part in it; that real episodes show the same is told by the arena itself.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import Misuse
from alphaloop.simulation.anchor.model import Game

PATHS = 20_000
_STEP = 1.0
_SEED = 7

Numbers = NDArray[np.float64]


def target_of(effect: float, top: float, worth: Callable[[float], float]) -> float:
    """The target, from −top upwards, whose worth reaches `effect` first; raises Misuse where none does."""
    targets = np.arange(-top, top, _STEP)
    before = (-top, 0.0)
    for target in targets.tolist():
        now = (target, worth(target))
        if now[1] >= effect > 0:
            share = (effect - before[1]) / (now[1] - before[1])
            return round(before[0] + share * (now[0] - before[0]), 4)
        before = max(before, now, key=lambda one: one[1])
    raise Misuse(
        f"no proposal of this world is better by {effect:g} deviations; the most is {before[1]:.2f}, and the "
        "least above 0"
    )


@cache
def worth(game: Game, gamma: float, lean: float, sides: tuple[tuple[float, float], ...]) -> float:
    """Mean over deviation of the gain of the second of two sides over the first; gamma in 1/quote.

    sides: half spread and target of each.
    """
    chance = np.random.default_rng(_SEED)
    one, other = (_Side(game, gamma, half_spread, lean, target) for half_spread, target in sides)
    for _ in range(game.steps):
        draws, moves = chance.random((2, PATHS)), game.move * chance.choice([-1.0, 1.0], PATHS)
        one.step(draws, moves)
        other.step(draws, moves)
    gains = other.objective - one.objective
    sd = float(gains.std(ddof=1))
    return float(gains.mean()) / sd if sd else 0.0


class _Side:
    """One strategy on all paths: what it holds, and its objective so far."""

    def __init__(self, game: Game, gamma: float, half_spread: float, lean: float, target: float) -> None:
        self._game, self._gamma, self._half, self._lean, self._target = game, gamma, half_spread, lean, target
        self._held: Numbers = np.zeros(PATHS)
        self.objective: Numbers = np.zeros(PATHS)

    def step(self, draws: Numbers, moves: Numbers) -> None:
        """Quote, be filled or not, and then let the mid move; holding has its price over the whole step."""
        own = self._lean * (self._target - self._held)
        game = self._game
        for draw, side, away in zip(draws, (1, -1), (self._half - own, self._half + own), strict=True):
            filled = draw < np.minimum(1.0, game.chance * np.exp(-game.decay * away))
            filled &= side * self._held < game.limit
            self._held = self._held + side * filled
            self.objective += filled * away
        self.objective += self._held * moves - self._gamma / 2 * game.move**2 * self._held**2
