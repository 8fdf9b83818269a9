"""Tapes that are files already: hftbacktest's `.npz`, and our own."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.ingest.gathered import Tally
from alphaloop.market.tape import DEPTH, DEPTH_CLEAR, EVENT, KIND_MASK, SNAPSHOT, TRADE, Rows

PLAYED = (DEPTH, TRADE, DEPTH_CLEAR, SNAPSHOT)
ORDERS = (10, 11, 12, 13)
"""hftbacktest's kinds of single orders that are added, cancelled, modified and filled."""


def sound(data: NDArray[np.void]) -> tuple[Rows, Tally]:
    """The rows of hftbacktest's format that a tape can hold, shape (n,), and how many it cannot.

    Raises ValueError when they are no such rows, tell of single orders, or hold a price that is none.
    """
    if data.dtype.names != EVENT.names or data.ndim != 1 or len(data) == 0:
        raise ValueError("its rows are not hftbacktest's events")
    kinds = data["ev"].astype(np.uint64) & np.uint64(KIND_MASK)
    if np.isin(kinds, ORDERS).any():
        raise ValueError("it tells of single orders, and a tape is of levels")
    kept: Rows = data[np.isin(kinds, PLAYED)].astype(EVENT)
    if not ((kept["px"] > 0) | (kept["ev"] & KIND_MASK == DEPTH_CLEAR)).all():
        raise ValueError("a price is zero, negative or none")
    if not (kept["qty"] >= 0).all():
        raise ValueError("a size is negative or none")
    if any(((kept[clock] <= 0) | (kept[clock] >= 2**62)).any() for clock in ("exch_ts", "local_ts")):
        raise ValueError("a time is out of range")
    tally = Tally(lines=len(data), trades=_count(kept, TRADE), snapshots=_count(kept, SNAPSHOT))
    tally.diffs = len(kept) - tally.trades - tally.snapshots
    tally.ignore("rows of other kinds", len(data) - len(kept))
    return kept, tally


def book_of(events: Rows) -> str:
    """What kind of book rows make, as IngestReport says it; a touch cannot be told from depth here."""
    return "none" if _count(events, TRADE) == len(events) else "depth"


def _count(events: Rows, kind: int) -> int:
    return int((events["ev"] & KIND_MASK == kind).sum())
