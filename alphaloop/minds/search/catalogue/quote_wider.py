"""Quote wider: each fill earns more, and there are fewer."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, retuned
from alphaloop.minds.search.measures import below
from alphaloop.minds.search.reading import Reading


def urgency(record: Record) -> float | None:
    """Fills are followed by a move against them within a second."""
    return below(record, "markout_1s", 0.0, scale=3.0)


def draft(reading: Reading) -> Draft | None:
    """Where the strategy has a bounded number whose name speaks of it."""
    parameter = reading.named("spread")
    return retuned(reading, parameter, (1.25, 1.6, 2.0, 3.0)) if parameter else None


IDEA = Idea(
    key="quote wider",
    claim="A wider quote earns more on each fill than it loses in fills.",
    metric="markout_1s",
    urgency=urgency,
    draft=draft,
)
