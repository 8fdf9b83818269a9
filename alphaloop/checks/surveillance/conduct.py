"""What a strategy did in one run, order by order: the form in which the patterns are looked for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import CANCEL, REJECT, SUBMIT, Journal

Times = NDArray[np.int64]
Lots = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Conduct:
    """The orders of a run, shape (n,), in the order in which they were sent.

    born_ns, ended_ns: when one was sent, and when it was cancelled or filled up (the end of the run if
    neither); side: 1 buys, −1 sells; ticks, lots: its price and size; cancelled: whether it was.
    """

    born_ns: Times
    ended_ns: Times
    side: NDArray[np.int64]
    ticks: NDArray[np.int64]
    lots: Lots
    cancelled: NDArray[np.bool_]

    def resting_lots(self, side: int, time_ns: int) -> int:
        """Lots that were shown on one side just before an instant."""
        there = (self.side == side) & (self.born_ns < time_ns) & (self.ended_ns >= time_ns)
        return int(self.lots[there].sum())


def conduct(journal: Journal) -> Conduct | None:
    """What was done in a run; None when no order was sent or nothing was marked."""
    sent = _rested(journal)
    if len(sent) == 0 or len(journal.marks) == 0:
        return None
    ends = _ends(journal)
    end_ns = int(journal.marks["time_ns"][-1])
    numbers = sent["order"].tolist()
    return Conduct(
        born_ns=sent["time_ns"].astype(np.int64),
        ended_ns=np.array([ends.get(number, (end_ns, False))[0] for number in numbers], np.int64),
        side=sent["side"].astype(np.int64),
        ticks=sent["ticks"].astype(np.int64),
        lots=sent["lots"].astype(np.int64),
        cancelled=np.array([ends.get(number, (end_ns, False))[1] for number in numbers], np.bool_),
    )


def _rested(journal: Journal) -> NDArray[Any]:
    """The submissions that were not refused: one that was is shown to nobody."""
    orders = journal.orders
    refused = orders["order"][orders["verb"] == REJECT]
    sent: NDArray[Any] = orders[(orders["verb"] == SUBMIT) & ~np.isin(orders["order"], refused)]
    return sent


def _ends(journal: Journal) -> dict[int, tuple[int, bool]]:
    """When each order ended, and whether by a cancel; what was filled up first was not cancelled."""
    cancels = journal.orders[journal.orders["verb"] == CANCEL]
    ends = {number: (time, True) for number, time in cancels[["order", "time_ns"]].tolist()}
    sent = journal.orders[journal.orders["verb"] == SUBMIT]
    left = dict(sent[["order", "lots"]].tolist())
    for number, lots, matched_ns in journal.fills[["order", "lots", "matched_ns"]].tolist():
        left[number] -= lots
        if left[number] <= 0:
            ends[number] = (matched_ns, False)
    return ends
