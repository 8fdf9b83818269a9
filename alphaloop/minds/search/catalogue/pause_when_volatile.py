"""Pause when volatile: no quotes at all while the mid moves too fast."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, inserted
from alphaloop.minds.search.insertion import Insertion
from alphaloop.minds.search.measures import above
from alphaloop.minds.search.reading import Reading

INSERTION = Insertion(
    parameter="pause_above_bps",
    value=5.0,
    span=(0.2, 20.0),
    low_is_mild=False,
    first="""
# Nothing is quoted while the mid moves by more than this in a second.
if BOOK.volatility > BOOK.mid * self.pause_above_bps / 10_000:
    return []
""",
)


def urgency(record: Record) -> float | None:
    """Equity falls from its peak by more than the target."""
    return above(record, "max_drawdown", 0.05)


def draft(reading: Reading) -> Draft | None:
    """Unless the strategy looks at the volatility already."""
    if reading.quoting is None or "volatility" in reading.quoting.watched:
        return None
    return inserted(INSERTION, reading)


IDEA = Idea(
    key="pause when volatile",
    claim="Quoting nothing while the mid moves fast keeps the largest losses away.",
    metric="max_drawdown",
    urgency=urgency,
    draft=draft,
)
