"""Profit and loss of an episode, and where it came from."""

import numpy as np

from alphaloop.market.journal import Attribution, Journal
from alphaloop.market.metrics.finite import finite


def pnl(journal: Journal) -> float | None:
    """Change of equity over the episode, quote currency, after fees and funding; None without a mark.

    equity at the last mark − starting capital.  Trap: an open position is worth its mark here, not what
    closing it would fetch.
    """
    if len(journal.marks) == 0:
        return None
    return float(finite(journal.marks["equity"], "equity")[-1]) - journal.capital


def attribution(journal: Journal) -> Attribution | None:
    """The parts of the PnL, quote currency: pnl = spread + inventory − fees + funding; None without a mark.

    Spread is earned against the exchange's mid at the match, inventory is what the position gained since;
    fees are shown with the sign that they have in the PnL.  Trap: spread alone looks like profit; what the
    flow knew comes back as inventory.
    """
    if len(journal.marks) == 0:
        return None
    parts = journal.attribution
    finite(np.array([parts.spread, parts.inventory, parts.fees, parts.funding]), "attribution of the PnL")
    return parts
