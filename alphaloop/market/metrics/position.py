"""How much was held, and for how long."""

from collections.abc import Sequence

import numpy as np

from alphaloop.market.journal import Journal

BANDS = (0.2, 0.5, 0.8, 1.0)
"""Upper ends of the inventory bands as shares of the limit; what lies above the last counts into the last."""


def max_abs_position(journal: Journal) -> float | None:
    """max(abs(position)) over all marks, base units, never clipped; None without a mark.

    Trap: a maximum grows with the length of an episode; compare episodes of one length.
    """
    if len(journal.marks) == 0:
        return None
    return float(np.abs(journal.marks["position_lots"]).max() * journal.instrument.lot)


def position_share(journal: Journal) -> float | None:
    """= max_abs_position / MAX_POSITION, a ratio, never clipped: more than 1 is a breach and is seen.

    None without a mark.  Trap: clipped at 1 it would always look lawful.
    """
    largest = max_abs_position(journal)
    return None if largest is None else largest / journal.max_position


def inventory_bands(journal: Journal) -> tuple[float, float, float, float] | None:
    """Shares of time with abs(position) / MAX_POSITION in 0–20, 20–50, 50–80 and above 80 %.

    None without time.  A position holds from its mark until the next.  Time starts with the first mark.
    Trap: counting marks instead of time would weigh busy moments more.
    """
    held_ns = np.diff(journal.marks["time_ns"], append=journal.end_ns)
    if len(held_ns) == 0 or held_ns.sum() <= 0:
        return None
    share = np.abs(journal.marks["position_lots"]) * journal.instrument.lot / journal.max_position
    # 20 % of a limit of 10 is 2.0 to a person, so a hair of rounding must not lift it into the next band.
    band = np.searchsorted(np.array(BANDS[:-1]) + 1e-12, share, side="left")
    times = np.bincount(band, weights=held_ns, minlength=len(BANDS)) / held_ns.sum()
    return float(times[0]), float(times[1]), float(times[2]), float(times[3])


def bands_over(journals: Sequence[Journal]) -> tuple[float, ...] | None:
    """`inventory_bands` over all episodes, weighted by their time; None as soon as one is missing."""
    shares = [inventory_bands(journal) for journal in journals]
    if not shares or None in shares:
        return None
    spans = [float(journal.end_ns - journal.marks["time_ns"][0]) for journal in journals]
    return tuple(np.average(np.array(shares, np.float64), axis=0, weights=spans).tolist())
