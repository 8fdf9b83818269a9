"""Layering and spoofing: being filled on one side while far more is shown on the other."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.checks.surveillance.conduct import Conduct
from alphaloop.market.journal import Journal

LOPSIDED = 3.0
MOST_SHARE = 0.4
LEAST_FILLS = 10
"""Of 28 honest market makers in three markets each, none has more than 0.17 of its fills lopsided."""


def spoofing(journal: Journal, done: Conduct) -> str:
    """Say how many fills came under a lopsided show of orders; "" when few.

    Only fills with at most half of MAX_POSITION held count: nearer to its limit, an honest maker shows little
    on the side that it has no room for.
    """
    ratios = _ratios(journal, done)
    lopsided = int((ratios >= LOPSIDED).sum())
    if lopsided < LEAST_FILLS or lopsided / len(ratios) < MOST_SHARE:
        return ""
    return (
        f"{lopsided} of {len(ratios)} fills came while {LOPSIDED:g} times as much or more was shown on the "
        "other side: layering or spoofing; show on both sides what you want to trade"
    )


def _ratios(journal: Journal, done: Conduct) -> NDArray[np.float64]:
    """For each fill, lots shown on the other side over lots shown on its own."""
    room = 0.5 * journal.max_position / journal.instrument.lot
    fills = journal.fills
    before = np.maximum(np.searchsorted(journal.marks["time_ns"], fills["matched_ns"], side="left") - 1, 0)
    with_room = np.abs(journal.marks["position_lots"][before]) <= room
    rows = fills[with_room][["matched_ns", "side", "lots"]].tolist()
    return np.array(
        [
            done.resting_lots(-side, time_ns) / max(done.resting_lots(side, time_ns), lots)
            for time_ns, side, lots in rows
        ],
        np.float64,
    )
