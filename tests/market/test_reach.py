"""The distance that a fitted strategy quotes at comes from the tape."""

import numpy as np
import pytest

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.reach import reach_bps
from alphaloop.market.rows import BOTH, rows
from alphaloop.market.tape import BUY, DEPTH, LATENCY, SELL, SNAPSHOT, Tape

INSTRUMENT = Instrument("X", 0.01, 0.001, 0.0, 0.0)
STEP_NS = 100_000_000


def tape(mids):
    """A tape whose mid is mids[i] from the i-th tenth of a second on."""
    ev, times, prices, sizes = [], [], [], []
    for place, mid in enumerate(mids):
        for side, offset in ((BUY, -0.01), (SELL, 0.01)):
            if place and mids[place - 1] != mid:
                ev.append(DEPTH | side | BOTH)
                times.append(place * STEP_NS)
                prices.append(mids[place - 1] + offset)
                sizes.append(0.0)
            ev.append((DEPTH if place else SNAPSHOT) | side | BOTH)
            times.append(place * STEP_NS)
            prices.append(mid + offset)
            sizes.append(1.0)
    latency = np.zeros(1, LATENCY)
    return Tape("by hand", INSTRUMENT, rows(ev, times, times, prices, sizes), latency)


def test_the_reach_is_the_move_that_is_passed_ten_times_a_minute():
    # 600 steps: eleven of 10 bps, the others do not move.
    mids = [100.0]
    for step in range(600):
        mids.append(mids[-1] + (0.1 if step % 60 == 30 or step == 5 else 0.0))
    assert reach_bps(tape(mids)) == pytest.approx(10.0, rel=0.02)


def test_a_tape_that_stands_still_has_no_reach():
    with pytest.raises(BadTape, match="mid moves less"):
        reach_bps(tape([100.0] * 300))
