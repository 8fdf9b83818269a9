"""How far a record misses a target, as one number that can be compared between metrics."""

from alphaloop.facts.metric import Record


def above(record: Record, metric: str, target: float) -> float | None:
    """By what share of `target` (above 0) the metric exceeds it; None when it does not, or is missing."""
    value = record.value(metric)
    return value / target - 1 if value is not None and value > target else None


def below(record: Record, metric: str, target: float, scale: float) -> float | None:
    """By how many `scale` the metric falls short of `target`; None when it does not, or is missing."""
    value = record.value(metric)
    return (target - value) / scale if value is not None and value < target else None
