"""Counts and sizes of what was filled, and what it took to get there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import REJECT, SUBMIT, Journal


def filled_volume(journal: Journal) -> float | None:
    """Σ size of all fills, base units; 0 where the strategy was asked, None where it never was.

    Trap: a volume without its markout; much of it can be what nobody else wanted.
    """
    if journal.decisions == 0 and len(journal.fills) == 0:
        return None
    return float(journal.fills["lots"].sum() * journal.instrument.lot)


def fill_rate(journals: Sequence[Journal]) -> float | None:
    """Limit orders filled at least in part / limit orders submitted, a ratio over all episodes.

    None without orders.  Trap: a fill is not an order; an order filled in three parts counts once here, or
    the ratio could exceed 1.
    """
    submitted = sum(len(_submissions(journal)) for journal in journals)
    filled = sum(len(np.unique(journal.fills["order"])) for journal in journals)
    return filled / submitted if submitted else None


def fill_rate_by_size(journals: Sequence[Journal]) -> float | None:
    """Σ filled size / Σ submitted size of limit orders, a ratio over all episodes; None without orders.

    Trap: an order that is replaced is submitted twice and can be filled once, so patience in quoting raises
    it and says nothing of the market.
    """
    submitted = sum(int(_submissions(journal)["lots"].sum()) for journal in journals)
    filled = sum(int(journal.fills["lots"].sum()) for journal in journals)
    return filled / submitted if submitted else None


def message_ratio(journals: Sequence[Journal]) -> float | None:
    """Order messages (submissions and cancels) / fills, a ratio over all episodes; None without a fill.

    Trap: without fills it has no value, and it is then that it is worst; read it beside the count of
    messages.
    """
    fills = sum(len(journal.fills) for journal in journals)
    messages = sum(int((journal.orders["verb"] != REJECT).sum()) for journal in journals)
    return messages / fills if fills else None


def _submissions(journal: Journal) -> NDArray[Any]:
    sent: NDArray[Any] = journal.orders[journal.orders["verb"] == SUBMIT]
    return sent
