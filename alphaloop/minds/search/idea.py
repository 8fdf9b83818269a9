"""What a hypothesis of the catalogue is made of, and a candidate that was made from one."""

from collections.abc import Callable
from dataclasses import dataclass

from alphaloop.facts.metric import Record
from alphaloop.minds.search import literals
from alphaloop.minds.search.insertion import Insertion, insert
from alphaloop.minds.search.reading import Reading

STEPS = 5
"""Values of a new parameter that are tried."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A strategy with one number left to settle: `values` for `parameter` in PARAMS, the mildest first."""

    source: str
    parameter: str
    values: tuple[float, ...]

    def at(self, value: float) -> str:
        """The source with the parameter set to `value`, in the parameter's own unit."""
        return literals.changed(self.source, "PARAMS", {self.parameter: repr(value)})


@dataclass(frozen=True, slots=True)
class Idea:
    """A hypothesis: what it claims, when it is worth a thought, and how it is written into a strategy.

    key, claim, metric: as in facts.Hypothesis; urgency: how far the record misses what the idea would mend,
    from 0 (just missed) up, None when it does not miss or was not measured; draft: None where the strategy
    does it already or has a shape in which it cannot be written.
    """

    key: str
    claim: str
    metric: str
    urgency: Callable[[Record], float | None]
    draft: Callable[[Reading], Draft | None]


def inserted(insertion: Insertion, reading: Reading) -> Draft | None:
    """The draft that adds a parameter, to be tried at values evenly spread in ratio over its span."""
    source = insert(insertion, reading)
    if source is None:
        return None
    low, high = insertion.span
    ratios = [(high / low) ** (step / (STEPS - 1)) for step in range(STEPS)]
    values = tuple(rounded(low * ratio) for ratio in ratios)
    return Draft(source, insertion.parameter, values if insertion.low_is_mild else values[::-1])


def retuned(reading: Reading, parameter: str, factors: tuple[float, ...]) -> Draft | None:
    """The draft that multiplies a number which is there already; None where its bounds leave no room."""
    if parameter not in reading.bounds:
        return None
    now, (low, high) = reading.params[parameter], reading.bounds[parameter]
    values = {rounded(min(max(now * factor, low), high)) for factor in factors} - {now}
    inside = [value for value in values if low <= value <= high]
    mildest_first = tuple(sorted(inside, key=lambda value: (abs(value - now), value)))
    return Draft(reading.source, parameter, mildest_first) if inside else None


def rounded(value: float) -> float:
    """Three significant digits: what a person would write, and finer than any search here can tell apart."""
    return float(f"{value:.3g}")
