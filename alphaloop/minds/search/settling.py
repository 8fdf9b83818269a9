"""Settling a draft's number on search seeds, and predicting its effect on seeds that no choice has seen.

`rehearse(source, n)` answers with the paired gains on the first n search seeds, so all candidates meet
the same markets.  The seeds are used up in order: by the choice between values, then between ideas; what lies
behind serves to predict, because the best of several looks too good wherever it was chosen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from alphaloop.minds.search.idea import Draft
from alphaloop.ports import Brief

FIRST = 6
"""Pairs on which every value is tried."""
SECOND = 14
"""Pairs, the first ones included, on which the best two values are compared."""
CHECK = 12
"""Pairs behind those, on which ideas are compared."""
FRESH = 24
"""Pairs behind those, from which the effect is predicted."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The best value of a draft; gain: its mean on the check pairs, quote currency per episode."""

    source: str
    value: float
    gain: float


@dataclass(frozen=True, slots=True)
class Search:
    """What came of a search; settled: None when no candidate survived; trials: candidates scored."""

    settled: Settled | None
    trials: int
    pairs: int


def settle(draft: Draft, brief: Brief) -> Search:
    """Find the draft's value; a candidate that is refused or that fails in any pair is out."""
    values = [value for value in draft.values if not brief.refused(draft.at(value))]
    first = _gains(draft, values, brief, FIRST)
    best_two = sorted(first, key=lambda value: -fmean(first[value]))[:2]
    second = _gains(draft, [value for value in values if value in best_two], brief, SECOND)
    pairs = len(values) * FIRST + len(second) * (SECOND - FIRST)
    if second:
        value = _mildest(second)
        gains = _whole(brief.rehearse(draft.at(value), SECOND + CHECK))
        pairs += CHECK
        if gains is not None:
            return Search(Settled(draft.at(value), value, fmean(gains[SECOND:])), len(values), pairs)
    return Search(None, len(values), pairs)


def predict(settled: Settled, brief: Brief) -> float | None:
    """The mean gain on fresh seeds, quote currency per episode; None when a run failed there."""
    gains = _whole(brief.rehearse(settled.source, SECOND + CHECK + FRESH))
    return None if gains is None else fmean(gains[SECOND + CHECK :])


def _gains(draft: Draft, values: Sequence[float], brief: Brief, pairs: int) -> dict[float, list[float]]:
    """The gains of each value that did not fail, in the order of the values."""
    gains = {value: _whole(brief.rehearse(draft.at(value), pairs)) for value in values}
    return {value: whole for value, whole in gains.items() if whole is not None}


def _whole(gains: Sequence[float | None]) -> list[float] | None:
    """The gains if every one is a finite number: what failed once will fail under the gate."""
    numbers = [gain for gain in gains if gain is not None and math.isfinite(gain)]
    return numbers if numbers and len(numbers) == len(gains) else None


def _mildest(gains: Mapping[float, Sequence[float]]) -> float:
    """The first value whose mean lies within one standard error of the best one's.

    Gains flatten out long before the guards do, so what is not told apart is settled by changing less.
    Breiman, Friedman, Olshen & Stone (1984), "Classification and Regression Trees", section 3.4.3.
    """
    best = max(gains, key=lambda value: fmean(gains[value]))
    return next(value for value in gains if _within_error(gains[best], gains[value]))


def _within_error(best: Sequence[float], other: Sequence[float]) -> bool:
    lead = [mine - theirs for mine, theirs in zip(best, other, strict=True)]
    return fmean(lead) <= stdev(lead) / math.sqrt(len(lead))
