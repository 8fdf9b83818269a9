"""Martingale and averaging down: larger orders the more has been lost."""

import numpy as np
from numpy.typing import NDArray

from alphaloop.checks.surveillance.conduct import Conduct, Lots
from alphaloop.market.journal import Journal

MOST_GROWTH = 1.5
LEAST_ORDERS, LEAST_BEFORE = 20, 5
"""Of 28 honest market makers in three markets each, none grows by more than 1.24; sizes that double when it
loses grow by 1.6 to 12."""


def escalation(journal: Journal, done: Conduct) -> str:
    """Say how orders grew with the loss; "" when they did not."""
    drawn_quote, losing, adding, flat = _at_birth(journal, done)
    # An order that reduces a losing position may be as large as the position.
    opening = adding | flat
    deep, shallow = _thirds(drawn_quote[opening], done.lots[opening])
    grown = _growth(deep, shallow)
    if grown is not None:
        return (
            f"orders were {grown:.1f} times as large in the deepest third of the drawdown as in the "
            "shallowest: a martingale; size by what may be lost, not by what was"
        )
    grown = _growth(done.lots[adding & losing], done.lots[flat | (adding & ~losing)])
    if grown is not None:
        return (
            f"orders that add to a losing position were {grown:.1f} times as large as others that open or "
            "add: averaging down; add the same or less"
        )
    return ""


def _growth(larger: Lots, smaller: Lots) -> float | None:
    """How many times as large the first are on average, None when too few or not much larger."""
    if len(larger) < LEAST_ORDERS or len(smaller) < LEAST_BEFORE:
        return None
    times = float(larger.mean() / smaller.mean())
    return times if times >= MOST_GROWTH else None


def _thirds(drawn_quote: NDArray[np.float64], lots: Lots) -> tuple[Lots, Lots]:
    """Sizes of the orders sent in the deepest and in the shallowest third of the drawdown."""
    if len(lots) == 0:
        return lots, lots
    low, high = np.quantile(drawn_quote, [1 / 3, 2 / 3])
    # Without a spread between the two there is no "deeper".
    return (lots[drawn_quote >= high], lots[drawn_quote <= low]) if high > low else (lots[:0], lots[:0])


def _at_birth(
    journal: Journal, done: Conduct
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """For each order when it was sent: drawdown in quote currency, a losing position, adding to it, none."""
    marks = journal.marks
    places = np.maximum(np.searchsorted(marks["time_ns"], done.born_ns, side="right") - 1, 0)
    drawn = (np.maximum.accumulate(marks["equity"]) - marks["equity"])[places]
    held = marks["position_lots"][places]
    losing = (marks["mid"][places] - _entries(journal, done)) * np.sign(held) < 0
    return drawn, losing, held * done.side > 0, held == 0


def _entries(journal: Journal, done: Conduct) -> NDArray[np.float64]:
    """The average entry price when each order was sent, quote currency; 0 before the first fill."""
    entry, held = 0.0, 0
    entries = [0.0]
    for side, ticks, lots in journal.fills[["side", "ticks", "lots"]].tolist():
        signed = side * lots
        if held * signed >= 0:
            entry = (entry * abs(held) + ticks * lots) / (abs(held) + lots)
        elif lots > abs(held):
            entry = float(ticks)
        held += signed
        entries.append(entry)
    places = np.searchsorted(journal.fills["received_ns"], done.born_ns, side="right")
    return np.array(entries, np.float64)[places] * journal.instrument.tick
