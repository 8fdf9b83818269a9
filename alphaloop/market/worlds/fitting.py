"""A book world with the tick, spread, volatility, flow and depth of a recorded tape."""

import heapq

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.facts.market import WorldSpec
from alphaloop.market.replay import Replay, Touches, book_rows, touches
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, TRADE, Tape

SECOND_NS = 1_000_000_000
LEAST_S = 30
LEVELS = 10


def fit(tape: Tape) -> WorldSpec:
    """The book world that looks like `tape` at its last price.

    spread: time-weighted mean; sigma: √mean of squared one-second mid changes; trades, size and tail: prints
    of one side at one instant are one market order; depth: time-weighted mean size at the touch; gap and
    behind: median distance and mean size of the LEVELS prices behind it, each second.  How often the makers
    look, and how many traders are informed, keep the world's defaults: a recording does not tell.  Raises
    BadTape when the tape is shorter than LEAST_S seconds, or has no trades or no moves.
    """
    seen = touches(tape)
    span_s = (seen.times_ns[-1] - seen.times_ns[0]) / SECOND_NS if len(seen.times_ns) else 0.0
    if span_s < LEAST_S:
        raise BadTape(
            f"tape {tape.name}: {span_s:.0f} s of a two-sided book cannot be fitted; give {LEAST_S} s or more"
        )
    moves, orders = _one_second_moves(seen) * tape.instrument.tick, _market_orders(tape)
    if len(orders) == 0 or not moves.any():
        raise BadTape(
            f"tape {tape.name}: without trades and moves there is nothing to fit; record a livelier market"
        )
    params = {
        "price": round(float(seen.bid[-1] + seen.ask[-1]) / 2 * tape.instrument.tick, 10),
        "sigma": _short(float(np.mean(moves**2)) ** 0.5),
        "trades": _short(len(orders) / span_s),
        "size": _short(orders.mean()),
        "tail": _short(orders.std() / orders.mean()),
        **_shape(tape, seen),
    }
    return WorldSpec("book", tuple(params.items()))


def _shape(tape: Tape, seen: Touches) -> dict[str, float]:
    """Spread and gap in ticks, sizes in base units."""
    weights = np.diff(seen.times_ns).astype(np.float64)
    spread = np.average((seen.ask - seen.bid)[:-1], weights=weights)
    depth = np.average((seen.bid_lots + seen.ask_lots)[:-1] / 2, weights=weights)
    gaps, lots = _behind(tape)
    return {
        "spread": max(1.0, round(float(spread))),
        "depth": _short(float(depth) * tape.instrument.lot),
        "gap": max(1.0, round(float(np.median(gaps)))),
        "behind": _short(float(np.mean(lots)) * tape.instrument.lot),
    }


def _behind(tape: Tape) -> tuple[list[float], list[float]]:
    """Mean distance (ticks) and size (lots) of the LEVELS prices behind the touch, each side and second."""
    book, due = Replay(), tape.start_ns + SECOND_NS
    gaps, lots = list[float](), list[float]()
    for time_ns, ev, tick, size in book_rows(tape):
        if time_ns >= due:
            due = time_ns + SECOND_NS
            for levels in (book.bids, book.asks):
                best = heapq.nsmallest(LEVELS + 1, levels)
                if len(best) > 1:
                    gaps.append((best[-1] - best[0]) / (len(best) - 1))
                    lots.append(sum(levels[key] for key in best[1:]) / (len(best) - 1))
        book.apply(ev, tick, size)
    return gaps or [1.0], lots or [1.0]


def _one_second_moves(seen: Touches) -> NDArray[np.float64]:
    """Changes of the mid in ticks from each whole second to the next, as of that second."""
    clock = np.arange(seen.times_ns[0], seen.times_ns[-1], SECOND_NS)
    mid = (seen.bid + seen.ask) / 2
    moves: NDArray[np.float64] = np.diff(mid[np.searchsorted(seen.times_ns, clock, side="right") - 1])
    return moves


def _market_orders(tape: Tape) -> NDArray[np.float64]:
    """Sizes of the market orders, base units."""
    mine = ((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & EXCHANGE) != 0)
    prints = tape.events[mine]
    if len(prints) == 0:
        return np.zeros(0)
    bought = (prints["ev"] & BUY) != 0
    starts = np.concatenate([[True], (np.diff(prints["exch_ts"]) != 0) | (bought[1:] != bought[:-1])])
    return np.bincount(np.cumsum(starts) - 1, weights=prints["qty"]).astype(np.float64)


def _short(value: float) -> float:
    """Four significant digits: what a person can read in market.yaml, and more than the fit can know."""
    return float(f"{value:.4g}")
