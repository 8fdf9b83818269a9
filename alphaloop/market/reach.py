"""How far from the mid a quote may rest and still be reached now and then, measured on a tape."""

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.market.replay import touches
from alphaloop.market.tape import Tape

REQUOTE_NS = 100_000_000
"""A strategy is asked at least this often, so only a faster move reaches a quote that follows the mid."""
PER_MINUTE = 10.0


def reach_bps(tape: Tape, per_minute: float = PER_MINUTE) -> float:
    """The distance that the mid moves within 100 ms about `per_minute` times a minute; 1/10,000 of the mid.

    Two digits, because six minutes of a recording support no more.  Raises BadTape when the mid never moves.
    """
    seen = touches(tape)
    if len(seen.times_ns) < 2:
        raise BadTape(f"tape {tape.name}: it never has a bid and an ask; record a livelier market")
    grid = np.arange(seen.times_ns[0], seen.times_ns[-1], REQUOTE_NS)
    mids = (seen.bid + seen.ask)[np.searchsorted(seen.times_ns, grid, side="right") - 1] / 2
    moves_bps = np.abs(np.diff(mids)) / mids[:-1] * 10_000
    steps_a_minute = 60_000_000_000 / REQUOTE_NS
    reached = float(np.quantile(moves_bps, 1 - per_minute / steps_a_minute)) if len(moves_bps) else 0.0
    if reached <= 0:
        raise BadTape(f"tape {tape.name}: its mid moves less than {per_minute:g} times a minute: record more")
    return float(f"{reached:.2g}")
