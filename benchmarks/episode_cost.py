"""What an episode costs with its fresh worker, against what was promised, and where it goes.

The limit is 100 ms + 50 ms per 50,000 rows + 10 us per decision: for the default world in the length that
`alphaloop init` writes, for one of a minute, and for the first minutes of a recording.  The parent is warm
and the tape is new to it.  Milliseconds of wall time, best of five; the bare engine, stepped through the same
tape as often as the episode stops and with nothing around it, is there for comparison.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np
from figure import figure, unable
from recordings import recordings

from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.ingest import ingest
from alphaloop.market.journal import Journal
from alphaloop.market.metrics import score
from alphaloop.market.tape import Tape
from alphaloop.simulation.episode import play
from alphaloop.simulation.exchange_book import BookExchange
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.timeline import timeline
from alphaloop.simulation.venue import Venue, tape_of

STRATEGY = Path(__file__).resolve().parent.parent / "strategy_template" / "strategy.py"
RECORDING = "binance_usdm_btcusdt_20240808.gz"
INSTRUMENT = Instrument("BENCH", 0.01, 0.001, 2.0, 5.0)
LIMITS = Limits(10.0, 10.0, 1e9, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)
ROUNDS, RECORDED_NS = 5, 120_000_000_000
NAME, WANTED = "an episode with its fresh worker", "<= 1"


class Spent(NamedTuple):
    """Milliseconds: to start the worker, prepare the tape, play, end the worker, score."""

    start: float
    prepare: float
    play: float
    end: float
    score: float


def episode(tape: Tape) -> tuple[Journal, Spent, float]:
    """One episode on a tape that was never seen: its journal, its costs, and the parent's share of play."""
    tape = replace(tape)
    market = Market(tape.instrument, 1e9, 1e-4, 60.0, WorldSpec("book"))
    moments = [perf_counter()]
    worker = sandbox_named("lockdown").start(STRATEGY.read_bytes())
    moments.append(perf_counter())
    timeline(tape)
    moments.append(perf_counter())
    processor = process_time()
    journal = play(worker, tape, market, LIMITS)
    processor = process_time() - processor
    moments.append(perf_counter())
    worker.close()
    moments.append(perf_counter())
    score(journal)
    moments.append(perf_counter())
    return journal, Spent(*(np.diff(moments) * 1e3).tolist()), processor / (moments[3] - moments[2])


def bare_ms(tape: Tape, stops: int) -> float:
    """Step the engine alone."""
    exchange = BookExchange(timeline(tape))
    stride_ns = max(1, (tape.end_ns - exchange.now_ns) // stops)
    began = perf_counter()
    while exchange.advance(exchange.now_ns + stride_ns):
        exchange.reports()
    exchange.close()
    return (perf_counter() - began) * 1e3


def best(work: Callable[[], tuple[Journal, Spent, float]]) -> tuple[Journal, Spent, float]:
    """The quickest of a few rounds."""
    return min((work() for _ in range(ROUNDS)), key=lambda found: sum(found[1]))


def measure(name: str, tape: Tape) -> None:
    """Compare on one tape, and print."""
    journal, spent, share = best(lambda: episode(tape))
    assert not journal.fault
    assert not journal.breach
    assert episode(tape)[0].digest == journal.digest
    happened = f"{journal.decisions} decisions, {len(journal.orders)} messages, {len(journal.fills)} fills"
    print(f"{name}: {len(tape.events)} rows, {happened}")
    print("  ms: " + ", ".join(f"{part} {ms:.1f}" for part, ms in spent._asdict().items()), end="")
    print(f"; the bare engine {bare_ms(tape, journal.decisions):.1f}")
    each_us = spent.play * 1e3 / journal.decisions
    here_us = share * each_us
    print(f"  a decision of play {each_us:.0f} us: {here_us:.0f} here, the rest in the worker and waiting")
    limit = 100 + 50 * len(tape.events) / 50_000 + journal.decisions / 100
    figure(f"{NAME}, {name}", f"{sum(spent):.0f} ms", f"{limit:.0f} ms", sum(spent) / limit, WANTED)


def world(seconds: float) -> Tape:
    """The default world, so many seconds long."""
    market = Market(INSTRUMENT, 10_000.0, 1e-4, seconds, WorldSpec("book"))
    return tape_of(Venue(market, LIMITS, "lockdown"), 1)


def main() -> None:
    """A minute and an episode of the default world, and the begin of a recording."""
    measure("a minute", world(60.0))
    measure("200 s", world(200.0))
    folder = recordings()
    if folder is None:
        unable(f"{NAME}, a recording", WANTED, "no recorded market data: set ALPHALOOP_TAPES")
        return
    tape = ingest(folder / RECORDING)[0]
    rows = int(np.searchsorted(tape.events["exch_ts"], tape.start_ns + RECORDED_NS))
    measure("a recording", replace(tape, events=tape.events[:rows].copy(), channels=(), gaps_ns=()))


if __name__ == "__main__":
    main()
