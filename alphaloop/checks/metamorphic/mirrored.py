"""The same market upside down: who treats both sides alike gives the mirrored orders."""

from dataclasses import replace

import numpy as np

from alphaloop.checks.metamorphic.twin import Orders, Twin, lots_by_side
from alphaloop.market.replay import touches
from alphaloop.market.rows import multiples
from alphaloop.market.tape import BUY, SELL, Channel, Tape
from alphaloop.simulation.venue import Venue

PRICED = ("mark", "index")


def upside_down(tape: Tape, venue: Venue) -> tuple[Tape, Venue]:
    """`tape` with its prices mirrored at its first mid: bids become asks, purchases sales, rises falls."""
    events, sides = tape.events.copy(), np.uint64(BUY | SELL)
    one_sided = ((events["ev"] & BUY) != 0) != ((events["ev"] & SELL) != 0)
    events["ev"] = np.where(one_sided, events["ev"] ^ sides, events["ev"])
    ticks = _axis(tape) - np.rint(events["px"] / tape.instrument.tick)
    events["px"] = multiples(ticks, tape.instrument.tick)
    lottery = tape.lottery and replace(tape.lottery, draws=tape.lottery.draws[:, ::-1])
    # What stood at more than twice the price has no place in the mirror.
    return (
        replace(
            tape,
            events=events[ticks > 0],
            channels=tuple(_channel(channel, tape) for channel in tape.channels),
            lottery=lottery,
        ),
        venue,
    )


def _back(orders: Orders, tape: Tape) -> Orders:
    mirrored = orders.copy()
    mirrored[:, 1] = -orders[:, 1]
    mirrored[:, 2] = _axis(tape) - orders[:, 2]
    return mirrored


def _axis(tape: Tape) -> int:
    """Bid plus ask at the start, in ticks: what a price and its mirror add up to."""
    first = touches(tape)
    return int(first.bid[0] + first.ask[0])


def _channel(channel: Channel, tape: Tape) -> Channel:
    if channel.name in PRICED:
        return replace(channel, values=_axis(tape) * tape.instrument.tick - channel.values)
    return replace(channel, values=-channel.values) if channel.name == "funding" else channel


TWIN = Twin(
    name="the same market upside down",
    told=upside_down,
    back=_back,
    meaning="it treats the two sides differently",
    compared=lots_by_side,
    # Fills come at other moments: of 87 honest market makers two have less than 0.8.
    alike=0.6,
)
