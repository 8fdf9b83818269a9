"""What a tape shows of its flow and its price, with its gaps left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.replay import Touches
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, TRADE, Spans, Tape

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Orders:
    """The market orders of a tape, shape (n,) each.

    times_ns at the exchange; sides, 1 for a buyer and -1 for a seller; sizes, base units; whole[i]: nothing
    of the tape is missing between order i and order i + 1, shape (n − 1,).
    """

    times_ns: NDArray[np.int64]
    sides: NDArray[np.int64]
    sizes: NDArray[np.float64]
    whole: NDArray[np.bool_]

    @property
    def pauses_s(self) -> NDArray[np.float64]:
        """Seconds from each order to the next."""
        pauses: NDArray[np.float64] = np.diff(self.times_ns)[self.whole] / SECOND_NS
        return pauses


def market_orders(tape: Tape) -> Orders:
    """Prints of one side at one instant are one market order: an order that walks the book prints often."""
    mine = ((tape.events["ev"] & KIND_MASK) == TRADE) & ((tape.events["ev"] & EXCHANGE) != 0)
    prints = tape.events[mine & (tape.events["qty"] > 0)]
    sides = np.where((prints["ev"] & BUY) != 0, 1, -1)
    fresh = np.ones(len(prints), np.bool_)
    fresh[1:] = (np.diff(prints["exch_ts"]) != 0) | (sides[1:] != sides[:-1])
    first = np.flatnonzero(fresh)
    times_ns = prints["exch_ts"][first]
    sizes = np.add.reduceat(prints["qty"], first) if len(first) else np.zeros(0)
    return Orders(times_ns, sides[first], sizes, ~_torn(times_ns[:-1], times_ns[1:], tape.gaps_ns))


def mids(tape: Tape, seen: Touches, grid_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mid in quote currency as of each instant of `grid_ns`; NaN inside gaps and before the first."""
    places = np.searchsorted(seen.times_ns, grid_ns, side="right") - 1
    mid = (seen.bid + seen.ask)[np.maximum(places, 0)] / 2 * tape.instrument.tick
    unknown = (places < 0) | _torn(grid_ns, grid_ns, tape.gaps_ns)
    return np.where(unknown, np.nan, mid)


def moves(tape: Tape, seen: Touches, horizon_s: float, step_s: float) -> NDArray[np.float64]:
    """Changes of the mid over `horizon_s`, one begun every `step_s`, quote currency; none across a gap."""
    horizon_ns = round(horizon_s * SECOND_NS)
    starts = np.arange(seen.times_ns[0], seen.times_ns[-1] - horizon_ns + 1, round(step_s * SECOND_NS))
    starts = starts[~_torn(starts, starts + horizon_ns, tape.gaps_ns)]
    change = mids(tape, seen, starts + horizon_ns) - mids(tape, seen, starts)
    kept: NDArray[np.float64] = change[~np.isnan(change)]
    return kept


def counts(tape: Tape, orders: Orders, window_s: float, start_ns: int | None = None) -> NDArray[np.int64]:
    """Market orders in each whole window of `window_s` from `start_ns` on that touches no gap."""
    window_ns = round(window_s * SECOND_NS)
    edges = np.arange(
        tape.start_ns if start_ns is None else start_ns, int(tape.events["exch_ts"].max()) + 1, window_ns
    )
    if len(edges) < 2:
        return np.zeros(0, np.int64)
    counted = np.histogram(orders.times_ns, edges)[0]
    kept: NDArray[np.int64] = counted[~_torn(edges[:-1], edges[1:], tape.gaps_ns)]
    return kept


def dispersion(counted: NDArray[np.int64]) -> float:
    """Variance over mean: 1 for counts of a Poisson process, and where there is nothing to count."""
    mean = float(counted.mean()) if len(counted) else 0.0
    return float(counted.var()) / mean if mean > 0 else 1.0


def side_autocorrelation(sides: NDArray[np.int64], deepest: int) -> NDArray[np.float64]:
    """Correlation of the sides of orders 1 to `deepest` apart; empty with too few orders or one side only."""
    around = sides - sides.mean() if len(sides) else sides.astype(np.float64)
    if len(sides) <= 2 * deepest or not around.any():
        return np.zeros(0)
    lagged = [float(np.mean(around[lag:] * around[:-lag])) for lag in range(1, deepest + 1)]
    return np.array(lagged) / float(np.mean(around**2))


def largest_difference(sample: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The Kolmogorov–Smirnov statistic of two rising samples.

    It is the largest difference between their shares of values up to any one number: 0 for the same values, 1
    where no value of one lies among the other's, or where one has none.
    """
    if not len(sample) or not len(other):
        return 1.0
    at = np.concatenate([sample, other])
    ours = np.searchsorted(sample, at, side="right") / len(sample)
    theirs = np.searchsorted(other, at, side="right") / len(other)
    return float(np.abs(ours - theirs).max())


def held_ns(tape: Tape, seen: Touches) -> NDArray[np.float64]:
    """How long each touch but the last stood, ns; 0 for one that stood when a gap began."""
    torn = _torn(seen.times_ns[:-1], seen.times_ns[1:], tape.gaps_ns)
    return np.where(torn, 0.0, np.diff(seen.times_ns))


def seen_s(tape: Tape, seen: Touches) -> float:
    """Seconds of a two-sided book, gaps taken off."""
    if len(seen.times_ns) == 0:
        return 0.0
    start, end = int(seen.times_ns[0]), int(seen.times_ns[-1])
    missing = sum(max(0, min(b, end) - max(a, start)) for a, b in tape.gaps_ns)
    return (end - start - missing) / SECOND_NS


def _torn(begin_ns: NDArray[np.int64], end_ns: NDArray[np.int64], gaps_ns: Spans) -> NDArray[np.bool_]:
    """Which of the spans touch a gap."""
    torn = np.zeros(len(begin_ns), np.bool_)
    for start, end in gaps_ns:
        torn |= (begin_ns < end) & (end_ns >= start)
    return torn
