"""How well we are connected, and how much of the venue's patience we use."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import REJECT, Journal

SECOND_NS = 1_000_000_000


def uptime(journals: Sequence[Journal]) -> float | None:
    """= connected time / wall time over all episodes, a ratio; None without time.

    Wall time is market time from the begin of each episode to its end.  An outage counts as far as it lies
    in the episode, and once where two overlap.  Trap: a feed that stands still over an open connection is
    no outage; `sequence_gaps` and refusals for stale data tell of that.
    """
    spans_ns = sum(journal.end_ns - journal.start_ns for journal in journals)
    return 1 - sum(_outage_ns(journal) for journal in journals) / spans_ns if spans_ns > 0 else None


def api_weight(journals: Sequence[Journal]) -> float | None:
    """= most order messages in any one second / those the venue allows, over all episodes, a ratio.

    The second is a rolling one that ends with the message itself, (t − 1 s, t], as the outer risk engine
    counts it; a submission and a cancel weigh one each.  None without a message, and where market.yaml does
    not state what the venue allows.  Trap: MAX_MESSAGES_PER_SECOND of risk.py is our own limit, whose use is
    lawful; and a venue that counts in minutes, or by weights, allows more in one second than its mean.
    """
    peaks = [_peak(journal) for journal in journals if len(_messages(journal))]
    if not peaks or None in peaks:
        return None
    return max(peak for peak in peaks if peak is not None)


def _outage_ns(journal: Journal) -> int:
    lost_ns, seen_ns = 0, journal.start_ns
    for begin_ns, end_ns in sorted(journal.outages_ns):
        first_ns, last_ns = max(begin_ns, seen_ns), min(end_ns, journal.end_ns)
        lost_ns += max(0, last_ns - first_ns)
        seen_ns = max(seen_ns, last_ns)
    return lost_ns


def _peak(journal: Journal) -> float | None:
    if journal.messages_per_second is None:
        return None
    times_ns = np.sort(_messages(journal)["time_ns"])
    before = np.searchsorted(times_ns, times_ns - SECOND_NS, side="right")
    in_window = np.searchsorted(times_ns, times_ns, side="right") - before
    return float(in_window.max()) / journal.messages_per_second


def _messages(journal: Journal) -> NDArray[Any]:
    """What was sent: a rejection is an answer and weighs nothing."""
    sent: NDArray[Any] = journal.orders[journal.orders["verb"] != REJECT]
    return sent
