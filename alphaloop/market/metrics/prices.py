"""What our fills cost against the mid: when we decided, and when we were matched."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import Journal
from alphaloop.market.metrics.finite import finite

Fills = NDArray[np.void]
Cost = Callable[[Fills, NDArray[np.float64]], NDArray[np.float64]]


def slippage(journals: Sequence[Journal]) -> float | None:
    """= side × (fill price − decision price) / decision price × 10⁴, bps, size-weighted; positive is cost.

    The decision price is the mid that the strategy saw when it first asked for the order.  None without
    fills. Trap: a passive fill away from the mid shows as negative cost, however badly the market went
    afterwards: markouts tell that.
    """
    return _weighted(journals, _slippage_bps)


def effective_spread(journals: Sequence[Journal]) -> float | None:
    """2 × side × (fill price − mid at fill) / mid × 10⁴, bps, size-weighted; negative is earned by a maker.

    The mid is the exchange's at the match.  None without fills.  Trap: the sign is the taker's, as in the
    literature.
    """
    return _weighted(journals, _effective_bps)


def _slippage_bps(fills: Fills, price: NDArray[np.float64]) -> NDArray[np.float64]:
    decided = finite(fills["decision_mid"], "decision price")
    cost: NDArray[np.float64] = fills["side"] * (price - decided) / decided * 1e4
    return cost


def _effective_bps(fills: Fills, price: NDArray[np.float64]) -> NDArray[np.float64]:
    mid = finite(fills["mid"], "mid at fill")
    cost: NDArray[np.float64] = 2 * fills["side"] * (price - mid) / mid * 1e4
    return cost


def _weighted(journals: Sequence[Journal], cost_bps: Cost) -> float | None:
    cost = size = 0.0
    for journal in journals:
        lots = journal.fills["lots"] * journal.instrument.lot
        price = journal.fills["ticks"] * journal.instrument.tick
        cost += float(np.sum(cost_bps(journal.fills, price) * lots))
        size += float(np.sum(lots))
    return cost / size if size > 0 else None
