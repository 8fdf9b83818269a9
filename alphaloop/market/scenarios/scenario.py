"""What a scenario is, and where in a tape it strikes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alphaloop.market.tape import EXCHANGE, Tape

STRIKES_AT = 0.5
"""Share of the tape after which a scenario begins: the strategy has quotes and perhaps a position by then."""
LONGEST_SHARE = 0.4
"""A scenario never takes more of a tape than this, so that what comes after it is seen too."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named stress: a pure and deterministic edit of a tape that leaves it valid.

    sentence: what it tests; moves: the metric that it should move.
    """

    name: str
    sentence: str
    moves: str
    apply: Callable[[Tape], Tape]


def span(tape: Tape, seconds: float) -> tuple[int, int]:
    """Begin and end of a stress of `seconds`, exchange time in ns."""
    whole_ns = int(tape.events["exch_ts"].max()) - tape.start_ns
    start_ns = tape.start_ns + round(STRIKES_AT * whole_ns)
    return start_ns, start_ns + round(min(seconds * 1e9, LONGEST_SHARE * whole_ns))


def place_of(tape: Tape, time_ns: int) -> int:
    """The first row that the exchange sees at or after `time_ns`; the number of rows when there is none."""
    later = ((tape.events["ev"] & EXCHANGE) != 0) & (tape.events["exch_ts"] >= time_ns)
    return int(np.argmax(later)) if later.any() else len(tape.events)
