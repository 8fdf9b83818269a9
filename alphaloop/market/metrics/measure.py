"""What a metric is: a name, a unit, what carries it, and the function that reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.journal import Journal
from alphaloop.market.metrics import returns
from alphaloop.market.metrics.impact import Parent


@dataclass(frozen=True, slots=True)
class Material:
    """All that metrics are computed from.

    trials: scored candidates in the ledger's whole life; reports: of the recordings behind the tapes, none
    for worlds; parents: large orders that were worked in parts; tried: what every candidate of one search
    scored, shape (candidates, episodes), None when nobody kept it.
    """

    journals: tuple[Journal, ...]
    trials: int = 0
    reports: tuple[IngestReport, ...] = ()
    parents: tuple[Parent, ...] = ()
    tried: NDArray[np.float64] | None = None


Read = Callable[[Material], float | None]
OfOne = Callable[[Journal], float | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric.

    carried_by: the event without which it is missing; of: the function whose docstring says what it is.
    """

    name: str
    unit: str
    carried_by: str
    of: Callable[..., object]
    read: Read


def over(of: Callable[..., float | None], *more: float) -> Read:
    """`of` over all episodes at once."""
    return lambda material: of(material.journals, *more)


def mean_of(of: OfOne) -> Read:
    """The mean of `of` over episodes."""
    return lambda material: returns.mean(each(material.journals, of))


def worst_of(of: OfOne, worst: Callable[..., float | None] = max) -> Read:
    """The worst of `of` over episodes, the largest unless `worst` is min."""
    return lambda material: worst(each(material.journals, of).tolist(), default=None)


def each(journals: Sequence[Journal], measure: OfOne) -> NDArray[np.float64]:
    """`measure` of every episode, shape (n,); empty as soon as one is missing.

    An average over the episodes that happen to have a value would be an average over the survivors.
    """
    values = [measure(journal) for journal in journals]
    return np.array(
        [value for value in values if value is not None] if None not in values else [], np.float64
    )
