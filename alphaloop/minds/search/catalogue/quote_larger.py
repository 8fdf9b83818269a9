"""Quote larger: more is earned where little is risked."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, retuned
from alphaloop.minds.search.measures import above
from alphaloop.minds.search.reading import Reading


def urgency(record: Record) -> float | None:
    """Nearly all the time is spent far from the limit."""
    return above(record, "inventory_0_20", 0.8)


def draft(reading: Reading) -> Draft | None:
    """Where the strategy has a bounded number whose name speaks of it."""
    parameter = reading.named("size")
    return retuned(reading, parameter, (1.25, 1.6, 2.0, 3.0)) if parameter else None


IDEA = Idea(
    key="quote larger",
    claim="Larger orders earn more while the position stays far from its limit.",
    metric="inventory_0_20",
    urgency=urgency,
    draft=draft,
)
