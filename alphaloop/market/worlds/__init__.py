"""Generators of tapes, by name and deterministic by seed: one file per world, one table of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import book, bootstrap, game, perpetual, regimes
from alphaloop.market.worlds.fitting import FITTED, fit
from alphaloop.market.worlds.params import parameters, within

__all__ = ["CONDITIONAL", "FITTED", "WORLDS", "fit", "make"]

SHORTEST_S, LONGEST_S = 1.0, 86_400.0

World = Callable[[WorldSpec, Instrument, float, int], Tape]

WORLDS: Mapping[str, World] = {
    "book": book.world,
    "avellaneda-stoikov": game.avellaneda_stoikov,
    "null": game.null,
    "regimes": regimes.world,
}
CONDITIONAL = {"bootstrap": bootstrap.world}
"""Worlds that are made of a recorded tape, and say nothing of any other day."""


def make(
    spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int, tapes: Path | None = None
) -> Tape:
    """The tape of `seed` in the world that `spec` names, `episode_s` seconds of market time long.

    tapes: the folder of the recorded tape that `spec` may name.  Every world takes the parameters of
    `perpetual` beside its own.  The same arguments give the same tape on every machine of one platform.
    Raises BadConfiguration for a world, a parameter or a length that does not exist, BadTape for a recorded
    tape that is not the named one.
    """
    if spec.name not in (*WORLDS, *CONDITIONAL):
        raise BadConfiguration(_unknown(spec.name))
    if seed < 0:
        raise BadConfiguration(f"world {spec.name}: a seed is a whole number from 0 on, not {seed}")
    within(spec.name, "episode_s", episode_s, SHORTEST_S, LONGEST_S)
    own, streams = _parted(spec)
    tape = _made(own, instrument, episode_s, seed, tapes)
    return (
        perpetual.perpetual(spec.name, tape, streams, seed) if perpetual.checked(spec.name, streams) else tape
    )


def _made(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int, tapes: Path | None) -> Tape:
    if spec.name in CONDITIONAL:
        return CONDITIONAL[spec.name](spec, instrument, episode_s, seed, tapes)
    if spec.tape:
        raise BadConfiguration(
            f"market.yaml: world {spec.name} is made of no recording; remove its `tape`, or name one of "
            f"{', '.join(CONDITIONAL)}"
        )
    return WORLDS[spec.name](spec, instrument, episode_s, seed)


def _parted(spec: WorldSpec) -> tuple[WorldSpec, dict[str, float]]:
    """The world's own parameters, and those that any world may have."""
    own = tuple((name, value) for name, value in spec.params if name not in perpetual.DEFAULTS)
    others = tuple((name, value) for name, value in spec.params if name in perpetual.DEFAULTS)
    return replace(spec, params=own), parameters(replace(spec, params=others), perpetual.DEFAULTS)


def _unknown(name: str) -> str:
    known = (*WORLDS, *CONDITIONAL)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}"
    return f"market.yaml: there is no world {name!r}; {hint}"
