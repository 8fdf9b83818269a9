"""Widen when volatile: the distance grows with what the mid moves in a second."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, inserted
from alphaloop.minds.search.insertion import Insertion
from alphaloop.minds.search.measures import below
from alphaloop.minds.search.reading import Reading

INSERTION = Insertion(
    parameter="volatility_seconds",
    value=1.0,
    span=(0.25, 25.0),
    coins=("extra",),
    before="""
# Farther out by what the mid moves in so many seconds; at most by 1 %, to stay inside the collar.
extra = min(BOOK.volatility * self.volatility_seconds**0.5, BOOK.mid / 100)
""",
    buy="PRICE - extra",
    sell="PRICE + extra",
)


def urgency(record: Record) -> float | None:
    """Fills are followed by a move against them within a second."""
    return below(record, "markout_1s", 0.0, scale=2.0)


def draft(reading: Reading) -> Draft | None:
    """Unless prices already depend on the volatility."""
    if reading.quoting is None or "volatility" in reading.quoting.priced_by:
        return None
    return inserted(INSERTION, reading)


IDEA = Idea(
    key="widen when volatile",
    claim="Quoting farther out while the mid moves fast avoids the fills that are paid for with a worse mid.",
    metric="markout_1s",
    urgency=urgency,
    draft=draft,
)
