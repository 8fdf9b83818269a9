"""The perpetual and its index: where the index is from, and how far the two are apart."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.ingest.assembly import Ingested
from alphaloop.market.ingest.report import Basis
from alphaloop.market.replay import touches
from alphaloop.market.tape import Channel, Tape

Series = tuple[NDArray[np.int64], NDArray[np.float64]]


def with_index(perpetual: Ingested, spot: Ingested) -> Ingested:
    """The perpetual with the spot mid as its index, unless the venue's own index was recorded.

    Where the spot book is unknown the index is too, so those spans become gaps of the perpetual.  Raises
    BadTape when the spot tape has no book.
    """
    tape, report = perpetual
    if tape.channel("index") is not None:
        return measured(perpetual, "the venue's own index")
    times_ns, mids = mid_series(spot.tape)
    if not len(times_ns):
        raise BadTape(
            f"{spot.report.source}: it holds no book of the spot market, so it gives no index; add a "
            "recording with its depth or its tickers"
        )
    gaps = [(begin, end) for begin, end in spot.tape.gaps_ns if end > tape.start_ns and begin < tape.end_ns]
    indexed = replace(
        tape,
        channels=(*tape.channels, Channel("index", times_ns, mids)),
        gaps_ns=tuple(sorted({*tape.gaps_ns, *gaps})),
    )
    return measured(Ingested(indexed, report), f"the mid of {spot.tape.name}")


def measured(ingested: Ingested, index: str) -> Ingested:
    """The same with its basis in the report; None without a book or an index."""
    _, values, held_ns = basis_series(ingested.tape)
    if not held_ns.sum():
        return ingested
    mean = float(np.average(values, weights=held_ns))
    variance = float(np.average((values - mean) ** 2, weights=held_ns))
    basis = Basis(mean, variance**0.5, len(values), index)
    return ingested._replace(report=replace(ingested.report, basis=basis))


def basis_series(tape: Tape) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Exchange times, perpetual mid − index from each on, and for how long it held, ns; shape (n,) each.

    A new value begins whenever mid or index changes.  What lies in a gap, or before both are known, is left
    out; so is what follows the last row of the tape.
    """
    index = tape.channel("index")
    # Asked first, because replaying the book takes longer than all the rest of the ingesting.
    mid_times, mids = (np.zeros(0, np.int64), np.zeros(0)) if index is None else mid_series(tape)
    if index is None or not len(mid_times):
        return mid_times, mids, np.zeros(0, np.int64)
    edges = np.array([edge for gap in tape.gaps_ns for edge in gap], np.int64)
    times = np.unique(np.concatenate([mid_times, index.times_ns, edges]))
    end = int(tape.events["exch_ts"].max())
    times = times[(times >= max(mid_times[0], index.times_ns[0])) & (times < end)]
    held = np.diff(times, append=end)
    known = ~_inside(times, tape)
    values = _at(times, mid_times, mids) - _at(times, index.times_ns, index.values)
    return times[known], values[known], held[known]


def mid_series(tape: Tape) -> Series:
    """Exchange times and the mid from each on, quote currency; nothing inside a gap."""
    seen = touches(tape)
    sure = ~_inside(seen.times_ns, tape)
    mids = (seen.bid + seen.ask)[sure] / 2 * tape.instrument.tick
    return seen.times_ns[sure], mids


def _inside(times_ns: NDArray[np.int64], tape: Tape) -> NDArray[np.bool_]:
    inside = np.zeros(len(times_ns), bool)
    for begin, end in tape.gaps_ns:
        inside |= (times_ns > begin) & (times_ns < end)
    return inside


def _at(
    times_ns: NDArray[np.int64], known_ns: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The value that holds at each of `times_ns`, none of which is before the first."""
    return values[np.searchsorted(known_ns, times_ns, side="right") - 1]
