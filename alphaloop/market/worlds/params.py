"""A world's parameters: the defaults, overlaid with what market.yaml says."""

import math
from collections.abc import Mapping
from difflib import get_close_matches

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import WorldSpec


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


def _unknown(world: str, name: str, defaults: Mapping[str, float]) -> str:
    near = get_close_matches(name, defaults, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(defaults)}"
    return f"market.yaml: world {world} has no parameter {name!r}; {hint}"
