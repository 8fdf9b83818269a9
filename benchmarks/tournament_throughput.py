"""Rows a second of a tournament and of one isolated episode, against hftbacktest in one process.

The same strategy plays the same episodes: here in its worker, behind the risk engine and with all of its
journal, and in hftbacktest driven by Python without any of that (see `parts.in_process`).  The peer comes in
two forms: its orders are kept in Python, or by functions that numba compiles, so that Python is called for
nothing but decisions.  Both sides must come to the same number of decisions, messages and fills.

A tournament uses every core and plays each tape twice, for candidate and base; the peer is one process, as
anybody drives hftbacktest.  Tapes are made beforehand.  Rounds take turns.  Ratios are medians of processor
time, times the cores that each side has, because wall time tells mostly who else uses the machine; the ratio
of wall times is printed beside them, and what two cores give against one is another benchmark.
"""

import importlib.util
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from figure import figure
from parts.in_process import Played, play_in_process
from parts.orders_compiled import CompiledOrders
from parts.orders_in_python import PythonOrders
from parts.processor import family_s

from alphaloop.contract import Quote
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.journal import CANCEL, SUBMIT, Journal
from alphaloop.market.tape import Tape
from alphaloop.simulation.fan_out import fanned_out
from alphaloop.simulation.side import play_source, score_source
from alphaloop.simulation.timeline import timeline
from alphaloop.simulation.venue import Venue, tape_of

STRATEGY = Path(__file__).resolve().parent.parent / "strategy_template" / "strategy.py"
LIMITS = Limits(10.0, 10.0, 1e6, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)
MARKET = Market(Instrument("BENCH", 0.01, 0.001, 2.0, 5.0), 10_000.0, 1e-4, 200.0, WorldSpec("book"))
VENUE = Venue(MARKET, LIMITS, "lockdown")
SEEDS, ROUNDS = range(1, 5), 5
CORES = len(os.sched_getaffinity(0))
RIVALS = {"orders in Python": PythonOrders, "orders compiled": CompiledOrders}
PROMISED = "orders in Python"
"""The peer of the promise, who is driven by Python; the other shows what remains (docs/decisions/0111)."""


class Side(NamedTuple):
    """One of our two ways to play; times: how often it plays each tape."""

    name: str
    times: int
    cores: int
    wanted: str


SIDES = (Side("tournament", 2, CORES, ">= 0.7"), Side("alone", 1, 1, ">= 0.35"))


class Cost(NamedTuple):
    """Wall and processor seconds."""

    wall_s: float
    processor_s: float


def cost(work: Callable[[], object]) -> Cost:
    """What some work costs, its children's work included."""
    processor, began = family_s(), perf_counter()
    work()
    return Cost(perf_counter() - began, family_s() - processor)


def kept(folder: Path) -> list[Tape]:
    """The tapes of all seeds, made and written down for the processes that play them."""
    tapes = [tape_of(VENUE, seed) for seed in SEEDS]
    for seed, tape in zip(SEEDS, tapes, strict=True):
        np.savez(folder / f"{seed}.npz", events=tape.events, latency=tape.latency)
    return tapes


def read(folder: Path, seed: int) -> Tape:
    """A tape that was written down; a millisecond, which counts as ours."""
    with np.load(folder / f"{seed}.npz") as columns:
        return Tape(f"seed {seed}", MARKET.instrument, columns["events"], columns["latency"])


def pair(folder: Path, seed: int) -> None:
    """Candidate and base, as in a tournament."""
    tape = read(folder, seed)
    for _ in range(2):
        assert not score_source(STRATEGY.read_bytes(), tape, VENUE).fault


def tournament(folder: Path) -> None:
    """All pairs, on all cores."""
    for _ in fanned_out(partial(pair, folder), list(SEEDS), CORES):
        pass


def alone(tapes: Iterable[Tape]) -> None:
    """Episodes one after the other in this process, each on a tape that it has not seen."""
    for tape in tapes:
        assert not score_source(STRATEGY.read_bytes(), replace(tape), VENUE).fault


def on_book() -> Callable[[Any], list[Quote]]:
    """The same strategy, made anew in this process."""
    spec = importlib.util.spec_from_file_location("strategy", STRATEGY)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer: Callable[[Any], list[Quote]] = module.Strategy(dict(module.PARAMS)).on_book
    return answer


def in_process(keeper: Any, tapes: Sequence[Tape], starts_ns: Sequence[int]) -> list[Played]:
    """The same episodes, by a form of the peer."""
    return [
        play_in_process(on_book(), tape, start_ns, keeper)
        for tape, start_ns in zip(tapes, starts_ns, strict=True)
    ]


def comparable(journals: Sequence[Journal], others: Sequence[Played], name: str) -> None:
    """Stop unless the peer did the same work."""
    for journal, played in zip(journals, others, strict=True):
        ours = (
            journal.decisions,
            int(np.isin(journal.orders["verb"], (SUBMIT, CANCEL)).sum()),
            len(journal.fills),
        )
        for what, here, there in zip(played._fields, ours, played, strict=True):
            if abs(here - there) > max(5, 0.02 * here):
                sys.exit(f"the peer with orders {name} came to {there} {what}, and we to {here}")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        tapes = kept(folder)
        journals = [play_source(STRATEGY.read_bytes(), tape, VENUE) for tape in tapes]
        starts_ns = [timeline(tape).start_ns for tape in tapes]
        works: dict[str, Callable[[], object]] = {
            "tournament": lambda: tournament(folder),
            "alone": lambda: alone(tapes),
        }
        for name, keeper in RIVALS.items():
            comparable(journals, in_process(keeper, tapes, starts_ns), name)
            works[name] = partial(in_process, keeper, tapes, starts_ns)
        tournament(folder)
        rounds = [{name: cost(work) for name, work in works.items()} for _ in range(ROUNDS)]
    report(rounds, sum(len(tape.events) for tape in tapes), sum(journal.decisions for journal in journals))


def report(rounds: Sequence[dict[str, Cost]], rows: int, decisions: int) -> None:
    """Rates, and ratios within a round."""
    print(f"{len(SEEDS)} episodes of {rows} rows and {decisions} decisions together, {CORES} cores")
    for name in rounds[0]:
        times = next((side.times for side in SIDES if side.name == name), 1)
        wall, processor = (statistics.median(row[name][at] for row in rounds) / times for at in (0, 1))
        each_us = processor / decisions * 1e6
        print(
            f"{name:17} {rows / processor / 1e3:4.0f} k rows a processor second, {each_us:4.0f} us a decision"
        )
        print(f"{'':17} {rows / wall / 1e3:4.0f} k rows a second of wall time")
    for side in SIDES:
        for rival in RIVALS:
            against(side, rival, rounds, rows)


def against(side: Side, rival: str, rounds: Sequence[dict[str, Cost]], rows: int) -> None:
    """One row of the table."""
    ours, theirs = ([row[name] for row in rounds] for name in (side.name, rival))
    wall, processor = (
        statistics.median(side.times * there[at] / here[at] for here, there in zip(ours, theirs, strict=True))
        for at in (0, 1)
    )
    what = f"{side.name} against {rival}"
    print(f"{what}: {processor:.2f} for each core, {wall:.2f} by wall time")
    spent_s = [statistics.median(one.processor_s for one in costs) for costs in (ours, theirs)]
    rates = (side.cores * side.times * rows / spent_s[0], rows / spent_s[1])
    shown = [f"{rate / 1e3:.0f} k" for rate in rates]
    figure(f"rows a second, {what}", *shown, side.cores * processor, side.wanted if rival == PROMISED else "")


if __name__ == "__main__":
    main()
