"""How many pairs of episodes a second two cores play, against one, and what their start costs.

One core and two take turns, each with pairs that nobody has played, after a first pass that pays for the
processes.  A round in which others had our cores is not counted, because a ratio of its wall times says
nothing; what a pair costs in processor time says whether two cores get into each other's way.
"""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from figure import figure, unable

from alphaloop.facts.episode import Pair
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.simulation.fan_out import fanned_out
from alphaloop.simulation.pairs import play_pair
from alphaloop.simulation.venue import Venue

NAME, WANTED = "episodes a second, two cores against one", ">= 1.7"
SOURCE = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        pass

    def on_book(self, book):
        away, lean = book.mid * 3e-4, book.position * 0.01
        return [Quote("buy", book.mid - lean - away, 0.5), Quote("sell", book.mid - lean + away, 0.5)]
"""
LIMITS = Limits(10.0, 5.0, 1_000.0, 3.0, 0.2, 200.0, 3, 100.0, 0.0, 200.0)
MARKET = Market(Instrument("BENCH", 0.01, 0.001, 2.0, 5.0), 10_000.0, 1e-4, 60.0, WorldSpec("book"))
VENUE = Venue(MARKET, LIMITS, "lockdown")
ROUNDS, MOST_ROUNDS, PAIRS = 3, 8, 40
BUSY = 0.35
"""Waiting for a core against processor time, from which on a ratio of wall times says little; 0.2 is the
player that waits for its own worker."""


class Timed(NamedTuple):
    """A pair, what it cost its player without the worker, and how long that one waited for its core."""

    pair: Pair
    processor_s: float
    waited_s: float


class Round(NamedTuple):
    """Pairs a second, and per pair: milliseconds of processor time, and of waiting for a core."""

    rate: float
    processor_ms: float
    waited_ms: float


def timed(seed: int) -> Timed:
    """Play a pair."""
    began, waited = process_time(), waited_s()
    pair = play_pair(SOURCE, SOURCE, seed, VENUE)
    return Timed(pair, process_time() - began, waited_s() - waited)


def waited_s() -> float:
    """How long this process could have run and did not, because others had the core: Linux counts it."""
    return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9


def played(seeds: Sequence[int], cores: int) -> Round:
    """Play all on `cores`."""
    began = perf_counter()
    told = list(fanned_out(timed, seeds, cores))
    wall = perf_counter() - began
    assert [one.pair.seed for one in told] == list(seeds)
    assert all(one.pair.gain == 0.0 for one in told)
    return Round(
        len(seeds) / wall,
        statistics.mean(one.processor_s for one in told) * 1e3,
        statistics.mean(one.waited_s for one in told) * 1e3,
    )


def main() -> None:
    """Measure and print."""
    if len(os.sched_getaffinity(0)) < 2:
        unable(NAME, WANTED, "this machine lets us use one core")
        return
    played(range(4), 1)
    began = perf_counter()
    played(range(4), 2)
    first = perf_counter() - began
    began = perf_counter()
    played(range(4), 2)
    print(f"the first four pairs on two cores {first:.2f} s, four more {perf_counter() - began:.2f} s")
    quiet: list[tuple[Round, Round]] = []
    for number in range(MOST_ROUNDS):
        both = in_turn(1_000 + 2 * PAIRS * number)
        quiet += [] if any(busy(one) for one in both) else [both]
        if len(quiet) == ROUNDS:
            break
    if not quiet:
        unable(NAME, WANTED, "others had our cores in every round: run again when the machine is quiet")
        return
    one, two = (Round(*map(statistics.median, zip(*side, strict=True))) for side in zip(*quiet, strict=True))
    ratio = statistics.median(theirs.rate / ours.rate for ours, theirs in quiet)
    figure(NAME, f"{two.rate:.1f}/s", f"{one.rate:.1f}/s", ratio, WANTED)
    figure(
        "processor time of a pair, two cores against one",
        f"{two.processor_ms:.0f} ms",
        f"{one.processor_ms:.0f} ms",
        two.processor_ms / one.processor_ms,
    )


def busy(what: Round) -> bool:
    """Whether others had our cores, so that the wall time of a round is theirs too."""
    return what.waited_ms / what.processor_ms > BUSY


def in_turn(seed: int) -> tuple[Round, Round]:
    """One core, then two, on seeds of their own."""
    one = played(range(seed, seed + PAIRS // 2), 1)
    two = played(range(seed + PAIRS, seed + 2 * PAIRS), 2)
    for cores, what in ((1, one), (2, two)):
        print(
            f"{cores} cores: {what.rate:6.2f} pairs a second; a pair {what.processor_ms:.0f} ms of processor "
            f"time and {what.waited_ms:.0f} ms of waiting for a core"
        )
    return one, two


if __name__ == "__main__":
    main()
