"""A world with the tick, spread, volatility, flow and depth of a recorded tape."""

import heapq

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadConfiguration, BadTape
from alphaloop.facts.market import WorldSpec
from alphaloop.market.replay import Replay, Touches, book_rows, touches
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import book, regimes
from alphaloop.market.worlds.cluster_fitting import law_of
from alphaloop.market.worlds.observed import SECOND_NS, Orders, held_ns, market_orders, moves, seen_s
from alphaloop.market.worlds.pace_fitting import mean_spread, pace_of
from alphaloop.market.worlds.params import rounded
from alphaloop.market.worlds.spell_fitting import spells_of

WORLDS = {"regimes": regimes.world, "book": book.world}
FITTED = tuple(WORLDS)
"""The worlds that can be fitted; the first is what `init --tape` takes."""
LEAST_S = 30
LEAST_ORDERS = 20
LEVELS = 10
MOST_LOG_DEVIATION = 3.0
"""Of the logarithm of a size: a 99th percentile of a thousand times the median."""


def fit(tape: Tape, world: str = FITTED[0]) -> WorldSpec:
    """The `world` that looks like `tape` at its last price.

    spread: time-weighted median; sigma: √mean of squared one-second mid changes; trades, size and tail:
    prints of one side at one instant are one market order, tail from the deviation of log sizes; depth:
    time-weighted mean size at the touch; gap and behind: median distance and mean size of the LEVELS prices
    behind it, each second; requotes: so that the world's mean spread is the tape's, see pace_fitting; the
    regimes world's own parameters: see spell_fitting and cluster_fitting.  How many traders are informed
    keeps the world's default: a recording does not tell.

    Raises BadTape when the tape shows less than LEAST_S seconds of a book, less than LEAST_ORDERS market
    orders or no move, and BadConfiguration for a world that cannot be fitted.
    """
    if world not in FITTED:
        raise BadConfiguration(f"the world {world!r} has nothing to fit; choose one of {', '.join(FITTED)}")
    seen = touches(tape)
    span_s = seen_s(tape, seen)
    if span_s < LEAST_S:
        raise BadTape(
            f"tape {tape.name}: {span_s:.0f} s of a two-sided book cannot be fitted; give {LEAST_S} s or more"
        )
    changes, orders = moves(tape, seen, 1.0, 0.1), market_orders(tape)
    if len(orders.times_ns) < LEAST_ORDERS or not changes.any():
        raise BadTape(
            f"tape {tape.name}: without trades and moves there is nothing to fit; record a livelier market"
        )
    price = round(float(seen.bid[-1] + seen.ask[-1]) / 2 * tape.instrument.tick, 10)
    params = {
        "sigma": float(np.mean(changes**2)) ** 0.5,
        **_flow(orders, span_s),
        **_shape(tape, seen),
    }
    if world == "regimes":
        params |= spells_of(tape, seen, orders, params["sigma"])
        params |= law_of(tape, orders, regimes.DEFAULTS | {"price": price} | params)
    fitted = WorldSpec(world, (("price", price), *((name, rounded(value)) for name, value in params.items())))
    pace = pace_of(mean_spread(tape, seen), span_s, WORLDS[world], fitted, tape.instrument)
    return WorldSpec(world, (*fitted.params, ("requotes", rounded(pace))))


def _flow(orders: Orders, span_s: float) -> dict[str, float]:
    """Market orders: how many a second, their mean size, and how far their sizes lie apart."""
    mean = float(orders.sizes.mean())
    deviation = min(float(np.log(orders.sizes).std()), MOST_LOG_DEVIATION)
    return {
        "trades": len(orders.times_ns) / span_s,
        "size": mean,
        "tail": float(np.expm1(deviation**2)) ** 0.5,
    }


def _shape(tape: Tape, seen: Touches) -> dict[str, float]:
    """Spread and gap in ticks, sizes in base units."""
    weights = held_ns(tape, seen)
    depth = np.average((seen.bid_lots + seen.ask_lots)[:-1] / 2, weights=weights)
    gaps, lots = _behind(tape)
    return {
        "spread": max(1.0, _weighted_median((seen.ask - seen.bid)[:-1], weights)),
        "depth": float(depth) * tape.instrument.lot,
        "gap": max(1.0, round(float(np.median(gaps)))),
        "behind": float(np.mean(lots)) * tape.instrument.lot,
    }


def _behind(tape: Tape) -> tuple[list[float], list[float]]:
    """Mean distance (ticks) and size (lots) of the LEVELS prices behind the touch, each side and second."""
    found, due = Replay(), tape.start_ns + SECOND_NS
    gaps, lots = list[float](), list[float]()
    for time_ns, ev, tick, size in book_rows(tape):
        if time_ns >= due:
            due = time_ns + SECOND_NS
            for levels in (found.bids, found.asks):
                best = heapq.nsmallest(LEVELS + 1, levels)
                if len(best) > 1:
                    gaps.append((best[-1] - best[0]) / (len(best) - 1))
                    lots.append(sum(levels[key] for key in best[1:]) / (len(best) - 1))
        found.apply(ev, tick, size)
    return gaps or [1.0], lots or [1.0]


def _weighted_median(values: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(passed, passed[-1] / 2)])
