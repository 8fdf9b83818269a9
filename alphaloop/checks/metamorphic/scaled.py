"""The same market in another currency: who quotes in shares of the price gives the same orders."""

from dataclasses import replace

import numpy as np

from alphaloop.checks.metamorphic.twin import Twin, as_they_are, one_by_one
from alphaloop.market.rows import multiples
from alphaloop.market.tape import Channel, Rows, Tape
from alphaloop.simulation.venue import Venue

TIMES = 8
"""A power of two: then floating-point numbers scale without rounding."""
PRICED = ("mark", "index")


def dearer(tape: Tape, venue: Venue) -> tuple[Tape, Venue]:
    """`tape` and its limits with every amount of quote currency TIMES as large; sizes stay."""
    market, limits = venue.market, venue.limits
    instrument = replace(tape.instrument, tick=tape.instrument.tick * TIMES)
    lottery = tape.lottery and replace(tape.lottery, decay=tape.lottery.decay / TIMES)
    return (
        replace(
            tape,
            instrument=instrument,
            events=_events(tape, instrument.tick),
            channels=tuple(_channel(channel) for channel in tape.channels),
            sigma=None if tape.sigma is None else tape.sigma * TIMES,
            lottery=lottery,
        ),
        replace(
            venue,
            market=replace(
                market, instrument=instrument, capital=market.capital * TIMES, gamma=market.gamma / TIMES
            ),
            limits=replace(limits, max_order_value=limits.max_order_value * TIMES),
        ),
    )


def _events(tape: Tape, tick: float) -> Rows:
    events = tape.events.copy()
    events["px"] = multiples(np.rint(events["px"] / tape.instrument.tick), tick)
    return events


def _channel(channel: Channel) -> Channel:
    return replace(channel, values=channel.values * TIMES) if channel.name in PRICED else channel


TWIN = Twin(
    name=f"the same market with prices {TIMES} times as high",
    told=dearer,
    back=as_they_are,
    meaning="it speaks in quote currency; write distances as shares of the mid, so that they travel",
    compared=one_by_one,
    genuine=False,
)
