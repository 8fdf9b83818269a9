"""Layering and spoofing: being filled on one side while, or just after, far more is shown on the other."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from alphaloop.checks.surveillance.conduct import Conduct
from alphaloop.market.journal import Journal

LOPSIDED = 3.0
MOST_SHARE = 0.4
LEAST_FILLS = 10
JUST_BEFORE_NS = 1_000_000_000
"""What was pulled so shortly before a fill was part of the show."""

Ratios = NDArray[np.float64]


def spoofing(journal: Journal, done: Conduct) -> str:
    """Say how many fills of one run came under a lopsided show of orders; "" when few."""
    return told(ratios(journal, done))


def told(seen: Ratios) -> str:
    """Say how many of these fills came under a lopsided show; "" when few."""
    lopsided = int((seen >= LOPSIDED).sum())
    if lopsided < LEAST_FILLS or lopsided / len(seen) < MOST_SHARE:
        return ""
    return (
        f"{lopsided} of {len(seen)} fills came while {LOPSIDED:g} times as much or more was shown on the "
        "other side, or just had been: layering or spoofing; show on both sides what you want to trade"
    )


def ratios(journal: Journal, done: Conduct) -> Ratios:
    """For each fill, lots shown on the other side over lots shown on its own, at the worst instant.

    Only fills with at most half of MAX_POSITION held count: nearer to its limit, an honest maker shows little
    on the side that it has no room for.  What would only take the position back is no show.
    """
    room = 0.5 * journal.max_position / journal.instrument.lot
    fills = journal.fills
    before = np.maximum(np.searchsorted(journal.marks["time_ns"], fills["matched_ns"], side="left") - 1, 0)
    held = journal.marks["position_lots"][before]
    rows = fills[["matched_ns", "side", "lots"]].tolist()
    return np.array(
        [
            max(_at_each(done, time_ns, side, lots, max(0, side * position)))
            for (time_ns, side, lots), position in zip(rows, held.tolist(), strict=True)
            if abs(position) <= room
        ],
        np.float64,
    )


def _at_each(done: Conduct, filled_ns: int, side: int, lots: int, takes_back: int) -> Iterator[float]:
    """The ratio when the fill came, and before each cancel of the other side shortly before it."""
    ours = max(done.resting_lots(side, filled_ns), lots)
    yield max(0, done.resting_lots(-side, filled_ns) - takes_back) / ours
    pulled = done.cancelled & (done.side == -side)
    shortly = (done.ended_ns <= filled_ns) & (done.ended_ns > filled_ns - JUST_BEFORE_NS)
    for pulled_ns in np.unique(done.ended_ns[pulled & shortly]).tolist():
        # Who shows less on both sides than before follows the market, so the larger own show counts.
        shown = max(0, done.resting_lots(-side, pulled_ns) - takes_back)
        yield shown / max(ours, done.resting_lots(side, pulled_ns))
