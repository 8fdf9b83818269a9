"""Ratios a year, from daily values only."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from alphaloop.market.journal import Journal
from alphaloop.market.metrics import returns
from alphaloop.market.metrics.finite import finite
from alphaloop.market.metrics.steps import steps

DAY_NS = 86_400 * 1_000_000_000
DAYS_A_YEAR = 365
"""These venues never close."""
LEAST_DAYS = 20


def daily_profits(journals: Sequence[Journal]) -> returns.Profits:
    """PnL of every whole 24 hours of every episode, counted from its begin, quote currency, shape (days,).

    Equity is that of the last mark before the day ends, and the capital before the first one.
    """
    return np.concatenate([np.zeros(0), *map(_days, journals)])


def sharpe_annual(journals: Sequence[Journal]) -> float | None:
    """= √365 × mean / standard deviation (n − 1) of daily PnL, a year; None below 20 whole days.

    Trap: √365 holds for days that are independent; profits that trend make it too large.  Lo (2002), "The
    Statistics of Sharpe Ratios", eq. 15.
    """
    return _yearly(returns.sharpe, journals)


def sharpe_annual_error(journals: Sequence[Journal]) -> float | None:
    """= √365 × √((1 + S²/2) / n), S the daily Sharpe ratio and n the days, a year; None where that is.

    Trap: twenty days give an error of more than 4 a year: they cannot tell a Sharpe of 2 from none.
    """
    return _yearly(returns.sharpe_error, journals)


def sortino_annual(journals: Sequence[Journal]) -> float | None:
    """= √365 × mean / √mean(min(PnL, 0)²) of daily PnL, a year; None below 20 whole days or a losing one.

    Trap: as `sharpe_annual`, and with few losing days it rests on those few.
    """
    return _yearly(returns.sortino, journals)


def _yearly(ratio: Callable[[returns.Profits], float | None], journals: Sequence[Journal]) -> float | None:
    profits = daily_profits(journals)
    daily = ratio(profits) if len(profits) >= LEAST_DAYS else None
    return None if daily is None else math.sqrt(DAYS_A_YEAR) * daily


def _days(journal: Journal) -> returns.Profits:
    days = (journal.end_ns - journal.start_ns) // DAY_NS
    if days < 1 or len(journal.marks) == 0:
        return np.zeros(0)
    ends_ns = journal.start_ns + DAY_NS * np.arange(days + 1)
    equity = steps(journal.marks["time_ns"], finite(journal.marks["equity"], "equity"), ends_ns)
    return np.diff(np.where(np.isnan(equity), journal.capital, equity))
