"""What a scenario is: its parameters as data, and where in a tape it strikes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

import numpy as np

from alphaloop.errors import Misuse
from alphaloop.market.tape import EXCHANGE, Tape

STRIKES_AT = 0.5
"""Share of the tape after which a scenario begins: the strategy has quotes and perhaps a position by then."""
LONGEST_SHARE = 0.4
"""A scenario never takes more of a tape than this, so that what comes after it is seen too."""

COUNT = "count"

Values = Mapping[str, float]


class Way(StrEnum):
    """Which way a scenario moves its metric, against the same tape without it."""

    UP = "rises"
    DOWN = "falls"
    AWAY = "leaves its calm value"  # which way, the position's sign decides


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a scenario: its value when nobody says another, its unit, and how far it may be set.

    What is counted is whole: its unit is COUNT.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str

    def __str__(self) -> str:
        return f"{self.name} = {self.value:g} {self.unit} ({self.low:g} to {self.high:g}): {self.meaning}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named stress: a pure and deterministic edit of a tape that leaves it valid.

    sentence: what it tests; moves: the metric that it should move on a strategy that keeps two quotes near
    the mid, and `way` where to; every scenario has a parameter `seconds`, its length; in_games: whether it
    means something where fills come by chance, without a queue, latency or prints.
    """

    name: str
    sentence: str
    moves: str
    way: Way
    parameters: tuple[Parameter, ...]
    edit: Callable[[Tape, Values], Tape]
    in_games: bool = True

    def apply(self, tape: Tape, changes: Values | None = None) -> Tape:
        """`tape` under this stress; the very same tape where it means nothing (`in_games`).

        changes: parameters that are not to have their own value.  Raises Misuse for an unknown parameter, and
        for a value out of bounds.
        """
        values = self.values(changes or {})
        if tape.lottery is not None and not self.in_games:
            return tape
        return self.edit(tape, values)

    @property
    def effect(self) -> str:
        """What it does to its metric, in words."""
        return f"{self.moves} {self.way}"

    def values(self, changes: Values) -> dict[str, float]:
        """Every parameter's value with `changes`; raises Misuse as `apply` does."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in changes.items():
            if name not in known:
                raise Misuse(_unknown(self.name, name, known))
            _refuse_excess(self.name, known[name], value)
        return {parameter.name: parameter.value for parameter in self.parameters} | dict(changes)

    def struck(self, tape: Tape, changes: Values | None = None) -> tuple[int, int]:
        """Begin and end of this stress in `tape`, exchange time in ns."""
        return span(tape, self.values(changes or {})["seconds"])


def lasting(seconds: float) -> Parameter:
    """The parameter that every scenario has."""
    return Parameter("seconds", seconds, "s", 0.5, 120.0, "length; at most 40 % of the tape")


def span(tape: Tape, seconds: float) -> tuple[int, int]:
    """Begin and end of a stress of `seconds`, exchange time in ns."""
    whole_ns = int(tape.events["exch_ts"].max()) - tape.start_ns
    start_ns = tape.start_ns + round(STRIKES_AT * whole_ns)
    return start_ns, start_ns + round(min(seconds * 1e9, LONGEST_SHARE * whole_ns))


def place_of(tape: Tape, time_ns: int) -> int:
    """The first row that the exchange sees at or after `time_ns`; the number of rows when there is none."""
    later = ((tape.events["ev"] & EXCHANGE) != 0) & (tape.events["exch_ts"] >= time_ns)
    return int(np.argmax(later)) if later.any() else len(tape.events)


def _unknown(scenario: str, name: str, known: Mapping[str, Parameter]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}"
    return f"scenario {scenario} has no parameter {name!r}; {hint}"


def _refuse_excess(scenario: str, parameter: Parameter, value: float) -> None:
    if not (math.isfinite(value) and parameter.low <= value <= parameter.high):
        raise Misuse(
            f"scenario {scenario}: {parameter.name} must lie between {parameter.low:g} and "
            f"{parameter.high:g} ({parameter.unit}), not {value:g}"
        )
    if parameter.unit == COUNT and value != round(value):
        raise Misuse(f"scenario {scenario}: {parameter.name} is a whole number, not {value:g}")
