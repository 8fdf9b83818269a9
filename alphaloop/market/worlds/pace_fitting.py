"""How often the makers look, as the spread of a tape shows it: a swept touch stays wide until they do.

The spread that makers keep is one thing, and the mean spread another: the difference is time in which nobody
had looked yet.  What that comes to has no closed form, so worlds of some paces are played, always with the
same seeds.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.replay import Touches, touches
from alphaloop.market.tape import Tape
from alphaloop.market.worlds.book import DEFAULTS
from alphaloop.market.worlds.observed import held_ns

PACES = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Looks a second that are tried; what lies beyond is not told from the last."""
SEEDS, USUAL_SEEDS = 6, 12
EPISODE_S = 60.0

World = Callable[[WorldSpec, Instrument, float, int], Tape]


def pace_of(spread: float, span_s: float, world: World, spec: WorldSpec, instrument: Instrument) -> float:
    """`requotes` with which the mean spread of `spec` is `spread` ticks, which was seen for `span_s` seconds.

    The world's own pace as long as its spread is within one standard error of that: then nothing is told.
    What cannot be played at a pace says nothing of it.  Trap: a mean spread is ruled by a few wide moments,
    so six minutes give the pace to about a third.
    """
    usual = _mean_spreads(world, spec, instrument, DEFAULTS["requotes"], USUAL_SEEDS)
    error = (
        float(np.std(usual, ddof=1)) * (EPISODE_S / span_s + 1 / USUAL_SEEDS) ** 0.5 if len(usual) else 0.0
    )
    if len(usual) and abs(spread - np.mean(usual)) <= error:
        return DEFAULTS["requotes"]
    tried = [(pace, _mean_spreads(world, spec, instrument, pace, SEEDS)) for pace in PACES]
    known = [(pace, float(np.mean(means))) for pace, means in tried if len(means)]
    if not known:
        return DEFAULTS["requotes"]
    paces, spreads = np.log(np.array(known)).T
    # Falling with the pace, whatever chance did; and only what falls can be read backwards.
    falling = np.minimum.accumulate(spreads)
    return float(np.exp(np.interp(np.log(spread), falling[::-1], paces[::-1])))


def mean_spread(tape: Tape, seen: Touches) -> float:
    """Time-weighted mean, ticks."""
    return float(np.average((seen.ask - seen.bid)[:-1], weights=held_ns(tape, seen)))


def _mean_spreads(
    world: World, spec: WorldSpec, instrument: Instrument, pace: float, seeds: int
) -> NDArray[np.float64]:
    """Of a tape each, shape (seeds,); empty where the world refuses to be made."""
    params: Mapping[str, float] = dict(spec.params) | {"requotes": pace}
    paced = WorldSpec(spec.name, tuple(params.items()))
    try:
        made = [world(paced, instrument, EPISODE_S, seed) for seed in range(seeds)]
    except BadConfiguration:
        # A book that would leap too far between two looks, or more rows than an episode may have.
        return np.zeros(0)
    return np.array([mean_spread(tape, touches(tape)) for tape in made])
