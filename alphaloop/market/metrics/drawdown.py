"""The deepest fall of equity."""

import numpy as np

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite


def max_drawdown(journal: Journal) -> float | None:
    """= max over time of (running peak of equity − equity) / starting capital, a ratio; None without a mark.

    The starting capital is the first peak, so a strategy that only loses has a drawdown too.  Sampled at
    every mark. Trap: divided by capital and not by the peak, so that a lucky start does not make later falls
    look small.
    """
    if len(journal.marks) == 0:
        return None
    equity = np.concatenate([[journal.capital], finite(journal.marks["equity"], "equity")])
    return float(np.max(np.maximum.accumulate(equity) - equity)) / journal.capital
