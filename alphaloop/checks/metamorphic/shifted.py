"""The same market, days later: who does not trade by the clock gives the same orders."""

import numpy as np

from alphaloop.checks.metamorphic.twin import Twin, as_they_are, one_by_one
from alphaloop.market.scenarios.streams import with_channels
from alphaloop.market.tape import Channel, Tape
from alphaloop.simulation.venue import Venue

LATER_S = 3 * 86_400 + 7 * 3_600 + 13 * 60 + 17
"""Another weekday, hour, minute and second; whole seconds, so that differences stay what they were."""


def later(tape: Tape, venue: Venue) -> tuple[Tape, Venue]:
    """`tape` with every time that is told LATER_S later."""
    from_ns = np.array([tape.start_ns], np.int64)
    return with_channels(tape, Channel("clock_skew", from_ns, np.array([float(LATER_S)]))), venue


TWIN = Twin(
    name="the same market three days, seven hours, 13 minutes and 17 seconds later",
    told=later,
    back=as_they_are,
    meaning="it trades by the clock",
    compared=one_by_one,
)
