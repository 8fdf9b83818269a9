"""What the outer risk engine did not let through."""

from collections import Counter
from collections.abc import Sequence

from alphaloop.facts.order import Cause
from alphaloop.market.journal import Journal


def refused_orders(journals: Sequence[Journal]) -> Counter[tuple[str, Cause]] | None:
    """How many orders were refused, by rule and cause, over all episodes; None without episodes.

    Trap: no refusal is an empty count, which is a measurement; only own causes speak against the strategy.
    """
    if not journals:
        return None
    return Counter((refusal.rule, refusal.cause) for journal in journals for refusal in journal.refusals)


def refused_for(journals: Sequence[Journal], cause: Cause | None = None) -> float | None:
    """Orders that the outer risk engine refused, of one cause or of all, a count over all episodes.

    None without episodes.  Trap: 0 is a measurement, and only the strategy's own causes speak against it.
    """
    counts = refused_orders(journals)
    if counts is None:
        return None
    return float(sum(count for (_, of), count in counts.items() if cause is None or of is cause))
