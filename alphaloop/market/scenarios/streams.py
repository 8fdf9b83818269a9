"""Side channels of a tape: changing them, and making those of a perpetual where a tape has none."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import Broken
from alphaloop.market.replay import touches
from alphaloop.market.tape import Channel, Tape

CALM_RATE = 0.0001
"""Funding of an interval when nothing is the matter, a ratio: what venues charge by default."""

Times = NDArray[np.int64]
Numbers = NDArray[np.float64]


def as_perpetual(tape: Tape) -> Tape:
    """`tape` with mark and index at its mid and with calm funding, as far as it has no such streams."""
    lacking = {"mark", "index", "funding"} - {one.name for one in tape.channels if len(one.times_ns)}
    if not lacking:
        return tape
    seen = touches(tape)
    times_ns = _heard(tape, seen.times_ns)
    # Of changes that are heard of together the last counts.
    lasts = np.append(np.diff(times_ns) > 0, True)[: len(times_ns)]
    times_ns, mids = times_ns[lasts], ((seen.bid + seen.ask) / 2 * tape.instrument.tick)[lasts]
    made = (
        Channel("mark", times_ns, mids),
        Channel("index", times_ns, mids),
        Channel("funding", times_ns[:1], np.full(len(times_ns[:1]), CALM_RATE)),
    )
    return with_channels(tape, *(channel for channel in made if channel.name in lacking))


def stream(tape: Tape, name: str) -> Channel:
    """The side channel of a tape that `as_perpetual` made sure of; raises Broken when it is not there."""
    channel = tape.channel(name)
    if channel is None:
        raise Broken(f"tape {tape.name} should have the side channel {name} by now; report it")
    return channel


def lifted(channel: Channel, times_ns: Times, lifts: Numbers) -> Channel:
    """`channel` with `lifts[i]` added from `times_ns[i]` (rising) on; nothing before the first."""
    if len(times_ns) == 0 or len(channel.times_ns) == 0:
        return channel
    times = np.union1d(channel.times_ns, times_ns[times_ns >= channel.times_ns[0]])
    place = np.searchsorted(times_ns, times, side="right") - 1
    lift = np.where(place >= 0, lifts[np.maximum(place, 0)], 0.0)
    return Channel(channel.name, times, values_at(channel, times) + lift)


def held(channel: Channel, start_ns: int, end_ns: int, value: float) -> Channel:
    """`channel` at one value from `start_ns` until `end_ns`, where it takes up its own again."""
    times = np.union1d(channel.times_ns, np.array([start_ns, end_ns], np.int64))
    inside = (times >= start_ns) & (times < end_ns)
    kept = ~inside | (times == start_ns)
    return Channel(
        channel.name, times[kept], np.where(inside, value, values_at(channel, times)).astype(np.float64)[kept]
    )


def values_at(channel: Channel, times_ns: Times) -> Numbers:
    """What holds at each time; the first value also before it."""
    values: Numbers = channel.values[
        np.maximum(np.searchsorted(channel.times_ns, times_ns, side="right") - 1, 0)
    ]
    return values


def with_channels(tape: Tape, *changed: Channel) -> Tape:
    """`tape` with these channels, in the place of those that have the same names."""
    names = {channel.name for channel in changed}
    return replace(
        tape,
        channels=(*(channel for channel in tape.channels if channel.name not in names), *changed),
    )


def _heard(tape: Tape, exch_ns: Times) -> Times:
    """When the trader hears what happens at these exchange times: a stream must not run ahead of the feed."""
    later = np.searchsorted(np.maximum.accumulate(tape.events["exch_ts"]), exch_ns, side="right") - 1
    heard: Times = np.maximum.accumulate(tape.events["local_ts"][later])
    return heard
