"""The best that any strategy can do in the game, by dynamic programming.

Backwards from the end, for every inventory: log of the least mean of exp(−γ of what is still to be earned).
With the mid's move taken first, v(q) = u(q) (B₀A₀ + B₁A₁) + u(q+1) B₁A₀ + u(q−1) B₀A₁, where B₁ = p exp(−γd)
and B₀ = 1 − p for the bid's distance d and chance of a fill p, and A₁, A₀ likewise for the ask.  For a given
ask the best bid has a closed form and the other way round, so they are improved in turns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import Broken
from alphaloop.simulation.anchor.model import Distances, Game

Array = NDArray[np.float64]
TURNS = 200
EXACT = 1e-10
"""Quote currency: two turns that change no distance by more have found it."""


@dataclass(frozen=True, slots=True)
class Best:
    """The ceiling and how it is reached.

    certainty_equivalent: quote currency; bids and asks: distances from the mid with n steps to go in row
    n − 1, shape (steps, 2 limit + 1).
    """

    certainty_equivalent: float
    bids: Array
    asks: Array

    def quotes(self, left: int) -> tuple[Distances, Distances]:
        """The best distances with `left` steps to go: a Policy."""
        return self.bids[left - 1], self.asks[left - 1]


def best(game: Game, gamma: float) -> Best:
    """Solve the game for exponential utility; γ in 1/quote.  Raises Broken when the turns do not settle."""
    held = game.inventories
    logs = np.zeros(len(held))
    bids, asks = (np.full((game.steps, len(held)), 1 / game.decay) for _ in range(2))
    for step in range(game.steps):
        moved = logs + _log_cosh(gamma * game.move * held.astype(np.float64))
        # Only ratios to the inventory that is held matter, and they do not overflow.
        more, fewer = np.exp(np.diff(moved, append=moved[-1])), np.exp(-np.diff(moved, prepend=moved[0]))
        asks[step] = asks[max(0, step - 1)]
        value, bids[step], asks[step] = _step(game, gamma, more, fewer, asks[step])
        logs = moved + np.log(value)
    return Best(float(-logs[game.limit] / gamma), bids, asks)


def _step(game: Game, gamma: float, more: Array, fewer: Array, ask: Array) -> tuple[Array, Array, Array]:
    """The least value of one step in units of u(q), with the distances that reach it."""
    bid: Array = np.full(len(ask), np.inf)
    for _ in range(TURNS):
        none, sold = _ask_parts(game, gamma, ask)
        better_bid = _best_distance(game, gamma, none + fewer * sold, more * none + sold)
        none, bought = _bid_parts(game, gamma, better_bid)
        better_ask = _best_distance(game, gamma, none + more * bought, fewer * none + bought)
        change = max(np.abs(better_bid - bid).max(), np.abs(better_ask - ask).max())
        bid, ask = better_bid, better_ask
        if change < EXACT:
            return _value(game, gamma, more, fewer, bid, ask), bid, ask
    raise Broken(f"the best quotes of the game at gamma {gamma:g} were not found in {TURNS} turns")


def _best_distance(game: Game, gamma: float, unfilled: Array, filled: Array) -> Array:
    """Where (1 − p(d)) unfilled + p(d) exp(−γd) filled is least; below certainty p grows no more."""
    inner = np.log((1 + gamma / game.decay) * filled / unfilled) / gamma
    return np.asarray(np.maximum(inner, np.log(game.chance) / game.decay))


def _value(game: Game, gamma: float, more: Array, fewer: Array, bid: Array, ask: Array) -> Array:
    (no_buy, buy), (no_sell, sell) = _bid_parts(game, gamma, bid), _ask_parts(game, gamma, ask)
    return no_buy * no_sell + buy * sell + more * buy * no_sell + fewer * no_buy * sell


def _bid_parts(game: Game, gamma: float, bid: Array) -> tuple[Array, Array]:
    chance = game.filled(bid, bid)[0]
    return 1 - chance, chance * np.exp(-gamma * bid)


def _ask_parts(game: Game, gamma: float, ask: Array) -> tuple[Array, Array]:
    chance = game.filled(ask, ask)[1]
    return 1 - chance, chance * np.exp(-gamma * ask)


def _log_cosh(x: Array) -> Array:
    return np.asarray(np.logaddexp(x, -x) - np.log(2))
