"""Everything that the regimes world leaves to chance: the spells, who comes when, and the rest."""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from alphaloop.facts.market import Instrument
from alphaloop.market.worlds.clusters import Arrivals, arrivals, warm_up_s
from alphaloop.market.worlds.flow import (
    REQUOTE,
    TRADE,
    UPDATE,
    Flow,
    fair_values,
    side_ahead,
    sizes,
    update_places,
)
from alphaloop.market.worlds.params import refuse_many
from alphaloop.market.worlds.spells import Clock, Spells, clock, paces, spells

WORLD = "regimes"
Params = Mapping[str, float]


def draw(generator: Generator, params: Params, instrument: Instrument, episode_s: float) -> Flow:
    """The flow of one episode of `episode_s` seconds."""
    path = _path(generator, params, episode_s)
    busy = _clock(path, params, params["rush"])
    law = params["clustering"], params["memory_s"], params["scatter"]
    orders = arrivals(generator, busy, params["trades"], law, episode_s)
    times_s, kinds = _instants(generator, busy, orders, params, episode_s)
    # A clock that is read between its edges may be a rounding error behind what it read before.
    nervous = np.maximum.accumulate(_clock(path, params, params["wild"] ** 2).at(times_s))
    elapsed_s = np.diff(nervous, prepend=nervous[0])
    fair = fair_values(WORLD, generator, elapsed_s, params, instrument.tick)
    sides = _sides(generator, times_s, fair, np.flatnonzero(kinds == TRADE), orders.parents, params)
    places = update_places(generator, len(times_s), params["improve"])
    return Flow(
        times_ns=np.rint(times_s * 1e9).astype(np.int64),
        fair=fair,
        kinds=kinds,
        sides=sides,
        lots=sizes(generator, kinds, places, params, instrument.lot),
        places=places,
        fractions=generator.random(len(times_s)),
    )


def _path(generator: Generator, params: Params, episode_s: float) -> Spells:
    """The spells from the warm-up of the flow to the end; refuses a world of too many events before any."""
    warm_s = warm_up_s(params["clustering"], params["memory_s"], params["scatter"])
    rate = 2.0 / (params["calm_s"] + params["wild_s"])
    rate += params["trades"] + params["requotes"] + params["updates"]
    refuse_many(WORLD, rate * (warm_s + episode_s))
    return spells(generator, params["calm_s"], params["wild_s"], -warm_s, episode_s)


def _clock(path: Spells, params: Params, ratio: float) -> Clock:
    return clock(path, *paces(params["calm_s"], params["wild_s"], ratio))


def _instants(
    generator: Generator, busy: Clock, orders: Arrivals, params: Params, episode_s: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """When something happens and what, in order of time; at 0 the makers open the book."""
    rate = params["requotes"] + params["updates"]
    whole = float(busy.at(np.array([episode_s]))[0])
    made_s = busy.when(generator.random(int(generator.poisson(rate * whole))) * whole)
    updates = generator.random(len(made_s)) * rate >= params["requotes"]
    times_s = np.concatenate([[0.0], made_s, orders.times_s])
    kinds = np.concatenate(
        [[REQUOTE], np.where(updates, UPDATE, REQUOTE), np.full(len(orders.times_s), TRADE)]
    )
    order = np.argsort(times_s, kind="stable")
    return times_s[order], kinds[order]


def _sides(
    generator: Generator,
    times_s: NDArray[np.float64],
    fair: NDArray[np.float64],
    where: NDArray[np.int64],
    parents: NDArray[np.int64],
    params: Params,
) -> NDArray[np.int64]:
    """The side of every instant; a market order repeats another's, or knows what is ahead, or neither."""
    sides = generator.integers(0, 2, len(times_s)) * 2 - 1
    ahead = side_ahead(times_s, fair, where, params["horizon"])
    own = np.where(generator.random(len(where)) < params["informed"], ahead, sides[where])
    repeats = (parents >= 0) & (generator.random(len(where)) < params["persistence"])
    leads = np.where(repeats, parents, np.arange(len(where)))
    # Drawn only where it matters, so that a world without it keeps its bytes.
    if params["splitting"] > 0:
        roots = np.flatnonzero(parents < 0)
        split = np.flatnonzero(generator.random(len(roots)) < params["splitting"])
        # The first has none before it.
        leads[roots[split]] = roots[np.maximum(split - 1, 0)]
    sides[where] = own[_first(leads)]
    return sides


def _first(leads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where following `leads` ends for each place; every place leads to an earlier one, or to itself."""
    while True:
        further = leads[leads]
        if (further == leads).all():
            return leads
        leads = further
