"""Everything that the book world leaves to chance, drawn before the book is played."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument
from alphaloop.market.worlds.params import MOST_STEPS, refuse_many

TRADE, REQUOTE, UPDATE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Flow:
    """What happens at each of n instants, shape (n,) each; the first is the opening of the book.

    times_ns from the start, rising; fair, the fair value in ticks; kinds, TRADE, REQUOTE or UPDATE; sides, 1
    for the bid side or a buyer and -1 for the ask side or a seller; lots, the size of a market order or of a
    price; places, how many gaps behind the touch an update goes, -1 for inside the spread; fractions,
    uniform.
    """

    times_ns: NDArray[np.int64]
    fair: NDArray[np.float64]
    kinds: NDArray[np.int64]
    sides: NDArray[np.int64]
    lots: NDArray[np.int64]
    places: NDArray[np.int64]
    fractions: NDArray[np.float64]


def draw(generator: Generator, params: Mapping[str, float], instrument: Instrument, episode_s: float) -> Flow:
    """The flow of one episode of `episode_s` seconds."""
    rates = np.array([params["trades"], params["requotes"], params["updates"]])
    refuse_many("book", rates.sum() * episode_s)
    count = 1 + int(generator.poisson(rates.sum() * episode_s))
    times_s = np.sort(generator.random(count)) * episode_s
    times_s[0] = 0.0
    kinds = np.searchsorted(np.cumsum(rates) / rates.sum(), generator.random(count), side="right")
    fair = fair_values("book", generator, np.diff(times_s, prepend=0.0), params, instrument.tick)
    places = update_places(generator, count, params["improve"])
    return Flow(
        times_ns=np.rint(times_s * 1e9).astype(np.int64),
        fair=fair,
        kinds=kinds.astype(np.int64),
        sides=_sides(generator, times_s, fair, kinds == TRADE, params),
        lots=sizes(generator, kinds, places, params, instrument.lot),
        places=places,
        fractions=generator.random(count),
    )


def fair_values(
    world: str,
    generator: Generator,
    elapsed_s: NDArray[np.float64],
    params: Mapping[str, float],
    tick: float,
) -> NDArray[np.float64]:
    """A Gaussian walk from `price` with variance sigma² a second, `elapsed_s` seconds a step; in ticks."""
    steps = generator.standard_normal(len(elapsed_s)) * np.sqrt(elapsed_s)
    fair: NDArray[np.float64] = (params["price"] + params["sigma"] * np.cumsum(steps)) / tick
    if fair.min() * tick < params["price"] / 2:
        raise BadConfiguration(
            f"market.yaml: world {world}: sigma is so high that the price halved; lower it"
        )
    return fair


def _sides(
    generator: Generator,
    times_s: NDArray[np.float64],
    fair: NDArray[np.float64],
    trades: NDArray[np.bool_],
    params: Mapping[str, float],
) -> NDArray[np.int64]:
    """Random sides; those of market orders persist, or follow the fair value that is still to come."""
    sides = generator.integers(0, 2, len(fair)) * 2 - 1
    where = np.flatnonzero(trades)
    fresh = generator.random(len(where)) >= params["persistence"]
    origin = np.maximum.accumulate(np.where(fresh, np.arange(len(where)), 0))
    uninformed = sides[where][origin]
    ahead = side_ahead(times_s, fair, where, params["horizon"])
    sides[where] = np.where(generator.random(len(where)) < params["informed"], ahead, uninformed)
    return sides


def side_ahead(
    times_s: NDArray[np.float64], fair: NDArray[np.float64], where: NDArray[np.int64], horizon_s: float
) -> NDArray[np.int64]:
    """The side that gains at each instant of `where` by what the fair value is `horizon_s` later."""
    later = np.minimum(np.searchsorted(times_s, times_s[where] + horizon_s), len(fair) - 1)
    return np.where(fair[later] >= fair[where], 1, -1)


def sizes(
    generator: Generator,
    kinds: NDArray[np.int64],
    places: NDArray[np.int64],
    params: Mapping[str, float],
    lot: float,
) -> NDArray[np.int64]:
    """Market orders are lognormal; the size at a price is 0.5 to 1.5 times its mean."""
    variance = np.log1p(params["tail"] ** 2)
    orders = params["size"] * np.exp(np.sqrt(variance) * generator.standard_normal(len(kinds)) - variance / 2)
    mean = np.where((kinds == UPDATE) & (places > 0), params["behind"], params["depth"])
    resting = (0.5 + generator.random(len(kinds))) * mean
    lots = np.rint(np.where(kinds == TRADE, orders, resting) / lot)
    counted: NDArray[np.int64] = np.clip(lots, 1, MOST_STEPS).astype(np.int64)
    return counted


def update_places(generator: Generator, count: int, improve: float) -> NDArray[np.int64]:
    """How many gaps behind the touch each update goes: mostly near; -1 for inside the spread."""
    behind = np.minimum(generator.geometric(0.2, count) - 1, 12)
    return np.where(generator.random(count) < improve, -1, behind).astype(np.int64)
