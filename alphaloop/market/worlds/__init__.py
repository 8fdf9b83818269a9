"""Generators of tapes, by name and deterministic by seed: one file per world, one table of them."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import book, game
from alphaloop.market.worlds.fitting import fit
from alphaloop.market.worlds.params import within

__all__ = ["WORLDS", "fit", "make"]

SHORTEST_S, LONGEST_S = 1.0, 86_400.0

World = Callable[[WorldSpec, Instrument, float, int], Tape]

WORLDS: Mapping[str, World] = {
    "book": book.world,
    "avellaneda-stoikov": game.avellaneda_stoikov,
    "null": game.null,
}


def make(spec: WorldSpec, instrument: Instrument, episode_s: float, seed: int) -> Tape:
    """The tape of `seed` in the world that `spec` names, `episode_s` seconds of market time long.

    The same arguments give the same tape on every machine of one platform.  Raises BadConfiguration for a
    world, a parameter or a length that does not exist.
    """
    if spec.name not in WORLDS:
        raise BadConfiguration(_unknown(spec.name))
    if seed < 0:
        raise BadConfiguration(f"world {spec.name}: a seed is a whole number from 0 on, not {seed}")
    within(spec.name, "episode_s", episode_s, SHORTEST_S, LONGEST_S)
    return WORLDS[spec.name](spec, instrument, episode_s, seed)


def _unknown(name: str) -> str:
    near = get_close_matches(name, WORLDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(WORLDS)}"
    return f"market.yaml: there is no world {name!r}; {hint}"
