"""Calm and wild spells by turns: a Markov chain of two states, and the clocks that it drives."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Spells:
    """One path of the chain: spell i lasts from edges_s[i] to edges_s[i + 1] and is wild where `wild[i]`.

    edges_s: shape (n + 1,), rising; wild: shape (n,).
    """

    edges_s: NDArray[np.float64]
    wild: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs at another pace in either state: `passed[i]` of its own time by edges_s[i]."""

    edges_s: NDArray[np.float64]
    passed: NDArray[np.float64]

    def at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Its own time at each instant."""
        return np.interp(times_s, self.edges_s, self.passed)

    def when(self, passed: NDArray[np.float64]) -> NDArray[np.float64]:
        """The instants at which so much of its own time has passed."""
        return np.interp(passed, self.passed, self.edges_s)


def spells(generator: Generator, calm_s: float, wild_s: float, start_s: float, end_s: float) -> Spells:
    """A stationary path from `start_s` to `end_s`; spells have the means `calm_s`, `wild_s`."""
    wild = bool(generator.random() < wild_share(calm_s, wild_s))
    edges, now = [np.array([start_s])], start_s
    pairs = 16 + int(1.2 * (end_s - start_s) / (calm_s + wild_s))
    means = np.array([wild_s, calm_s] if wild else [calm_s, wild_s])
    while now < end_s:
        lengths = (generator.standard_exponential((pairs, 2)) * means).ravel()
        edges.append(now + np.cumsum(lengths))
        now = float(edges[-1][-1])
    all_edges = np.concatenate(edges)
    inside = all_edges[all_edges < end_s]
    states = (np.arange(len(inside)) % 2 == 1) != wild
    return Spells(np.append(inside, end_s), states)


def clock(path: Spells, calm: float, wild: float) -> Clock:
    """The clock that runs `calm` and `wild` times as fast as ours in those states, 0 at our 0."""
    paces = np.where(path.wild, wild, calm)
    passed = np.concatenate([[0.0], np.cumsum(np.diff(path.edges_s) * paces)])
    return Clock(path.edges_s, passed - np.interp(0.0, path.edges_s, passed))


def wild_share(calm_s: float, wild_s: float) -> float:
    """The stationary share of time in wild spells."""
    return wild_s / (calm_s + wild_s)


def paces(calm_s: float, wild_s: float, ratio: float) -> tuple[float, float]:
    """How fast a clock runs in calm and in wild spells, `ratio` apart, when it keeps our time on average."""
    share = wild_share(calm_s, wild_s)
    calm = 1.0 / (1.0 - share + share * ratio)
    return calm, ratio * calm
