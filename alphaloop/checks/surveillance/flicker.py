"""Quote stuffing: orders that come and go while nothing has happened that they could answer to."""

import numpy as np

from alphaloop.checks.surveillance.conduct import Conduct, Times
from alphaloop.market.journal import Journal

MOST_IDLE_PER_S = 4.0
MOST_IDLE_SHARE = 0.15
"""Of 28 honest market makers in three markets each, none passes 1.7 idle cancels a second or 0.13 of all."""


def stuffing(journal: Journal, done: Conduct) -> str:
    """Say how often orders were pulled for no reason; "" when seldom.

    Idle is a cancel of an order since whose birth neither the mid that the strategy saw nor its position has
    changed.  Both the rate and the share must be high: a slow strategy may change its mind now and then.
    """
    pulled = done.cancelled
    if not pulled.any() or done.seconds <= 0:
        return ""
    idle = _changes(journal, done.born_ns[pulled]) == _changes(journal, done.ended_ns[pulled])
    per_s, share = float(idle.sum()) / done.seconds, float(idle.mean())
    if per_s < MOST_IDLE_PER_S or share < MOST_IDLE_SHARE:
        return ""
    return (
        f"{per_s:.1f} orders a second ({share:.0%} of all cancels) were pulled though neither price nor "
        f"position had changed since they were sent, {MOST_IDLE_PER_S:g} are too many: quote stuffing; leave "
        "an order where it is until something has happened"
    )


def _changes(journal: Journal, times_ns: Times) -> Times:
    """How often mid or position had changed by each time."""
    marks = journal.marks
    changed = (np.diff(marks["mid"]) != 0) | (np.diff(marks["position_lots"]) != 0)
    count = np.concatenate([[0], np.cumsum(changed)]).astype(np.int64)
    places = np.searchsorted(marks["time_ns"], times_ns, side="right") - 1
    return np.asarray(count[np.maximum(places, 0)], np.int64)
