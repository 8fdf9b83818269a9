"""Quote smaller: each fill adds less to the position."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, retuned
from alphaloop.minds.search.measures import above
from alphaloop.minds.search.reading import Reading


def urgency(record: Record) -> float | None:
    """More than three tenths of the time are spent near the limit."""
    return above(record, "inventory_80_100", 0.3)


def draft(reading: Reading) -> Draft | None:
    """Where the strategy has a bounded number whose name speaks of it."""
    parameter = reading.named("size")
    return retuned(reading, parameter, (0.8, 0.6, 0.5, 0.33)) if parameter else None


IDEA = Idea(
    key="quote smaller",
    claim="Smaller orders make smaller positions, and so smaller losses when the mid moves.",
    metric="inventory_80_100",
    urgency=urgency,
    draft=draft,
)
