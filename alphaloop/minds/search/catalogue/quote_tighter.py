"""Quote tighter: more fills, and each earns less."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, retuned
from alphaloop.minds.search.measures import below
from alphaloop.minds.search.reading import Reading


def urgency(record: Record) -> float | None:
    """Hardly any order is filled."""
    return below(record, "fill_rate", 0.1, scale=0.1)


def draft(reading: Reading) -> Draft | None:
    """Where the strategy has a bounded number whose name speaks of it."""
    parameter = reading.named("spread")
    return retuned(reading, parameter, (0.8, 0.6, 0.5, 0.33)) if parameter else None


IDEA = Idea(
    key="quote tighter",
    claim="A tighter quote wins more in fills than it gives away on each.",
    metric="fill_rate",
    urgency=urgency,
    draft=draft,
)
