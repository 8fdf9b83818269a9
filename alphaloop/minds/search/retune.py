"""Tune a number again: any hypothesis may have been right with another value, or on another market."""

from functools import partial

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, retuned
from alphaloop.minds.search.reading import Reading

FACTORS = (0.5, 0.75, 1.33, 2.0)


def retunes(reading: Reading, seed: int) -> tuple[Idea, ...]:
    """One idea for each number that a search may move; `seed` says which comes first."""
    names = sorted(reading.bounds)
    start = seed % len(names) if names else 0
    return tuple(_retune(name) for name in names[start:] + names[:start])


def _retune(name: str) -> Idea:
    return Idea(
        key=f"tune {name}",
        claim=f"Another value of {name} suits this market better.",
        metric="objective",
        urgency=_always,
        draft=partial(_draft, name),
    )


def _always(_record: Record) -> float | None:
    return 0.0


def _draft(name: str, reading: Reading) -> Draft | None:
    return retuned(reading, name, FACTORS)
