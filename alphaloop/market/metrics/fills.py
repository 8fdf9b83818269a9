"""Counts and sizes of what was filled, and what it took to get there."""

from collections.abc import Sequence

from alphaloop.market.journal import Journal


def filled_volume(journal: Journal) -> float | None:
    """Σ size of all fills, base units; 0 where the strategy was asked, None where it never was."""
    if journal.decisions == 0 and len(journal.fills) == 0:
        return None
    return float(journal.fills["lots"].sum() * journal.instrument.lot)


def fill_rate(journals: Sequence[Journal]) -> float | None:
    """Limit orders filled at least in part / limit orders submitted, a ratio over all episodes.

    None without orders, and when a journal did not count its filled orders.  Trap: a fill is not an order; an
    order filled in three parts counts once here, or the ratio could exceed 1.
    """
    submitted = sum(journal.submitted for journal in journals)
    filled = [journal.orders_filled for journal in journals]
    if submitted == 0 or None in filled:
        return None
    return sum(count for count in filled if count is not None) / submitted


def message_ratio(journals: Sequence[Journal]) -> float | None:
    """Order messages (submissions and cancels) / fills, a ratio over all episodes; None without a fill.

    Trap: without fills it has no value, and it is then that it is worst; read it beside the count of
    messages.
    """
    fills = sum(len(journal.fills) for journal in journals)
    return sum(journal.messages for journal in journals) / fills if fills else None
