"""A world's parameters: the defaults, overlaid with what market.yaml says."""

import math
from collections.abc import Mapping
from difflib import get_close_matches

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import WorldSpec

EVERYWHERE = ("basis_bps", "basis_half_life_s", "funding_bps")
"""Parameters that every world has beside its own (see perpetual.py)."""

MOST_ROWS = 5_000_000
"""Rows that a world may make for one episode: 320 MB, and a good gigabyte while they are made."""

MOST_STEPS = 1e12
"""Prices in ticks and sizes in lots that a float still holds exactly, with room to move."""


def parameters(spec: WorldSpec, defaults: Mapping[str, float]) -> dict[str, float]:
    """`defaults` with the values of `spec`; raises BadConfiguration for an unknown or impossible one."""
    merged = dict(defaults)
    for name, value in spec.params:
        if name not in defaults:
            raise BadConfiguration(_unknown(spec.name, name, defaults))
        if not (math.isfinite(value) and value >= 0):
            raise BadConfiguration(
                f"market.yaml: world {spec.name}: {name} must be a finite number from 0 on, not {value}"
            )
        merged[name] = float(value)
    return merged


def positive(world: str, params: Mapping[str, float], *names: str) -> None:
    """Refuse a world in which a parameter that divides or scales is zero."""
    for name in names:
        if params[name] <= 0:
            raise BadConfiguration(f"market.yaml: world {world}: {name} must be above 0, not {params[name]}")


def within(world: str, name: str, value: float, low: float, high: float) -> None:
    """Refuse a parameter outside [low, high]."""
    if not low <= value <= high:
        raise BadConfiguration(
            f"market.yaml: world {world}: {name} must lie between {low:g} and {high:g}, not {value}"
        )


def refuse_many(world: str, instants: float) -> None:
    """Refuse a flow of so many expected instants that its rows would pass MOST_ROWS."""
    if not instants <= MOST_ROWS:
        raise BadConfiguration(
            f"market.yaml: world {world}: its rates make about {instants:.3g} events an episode, the limit "
            f"is {MOST_ROWS:,}; lower a rate, or episode_s"
        )


def countable(world: str, params: Mapping[str, float], step: float, *names: str) -> None:
    """Refuse prices or sizes that are too many ticks or lots to be told apart."""
    for name in names:
        if not params[name] / step <= MOST_STEPS:
            raise BadConfiguration(
                f"market.yaml: world {world}: {name} {params[name]:g} is more than {MOST_STEPS:g} steps of "
                f"{step:g}; correct {name}, tick or lot"
            )


def rounded(value: float) -> float:
    """Four significant digits: what a person can read in market.yaml, and more than a fit can know."""
    return float(f"{value:.4g}")


def _unknown(world: str, name: str, defaults: Mapping[str, float]) -> str:
    near = get_close_matches(name, (*defaults, *EVERYWHERE), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join((*defaults, *EVERYWHERE))}"
    return f"market.yaml: world {world} has no parameter {name!r}; {hint}"
