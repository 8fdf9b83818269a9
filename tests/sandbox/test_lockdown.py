"""The conversation with an honest strategy, and what is left when it is over."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from alphaloop.contract import Fill, Quote, Trade
from alphaloop.errors import Broken, Misuse, StrategyFault
from alphaloop.sandbox import wire
from alphaloop.sandbox.lockdown import Lockdown

Source = Callable[..., bytes]
BOOK = (12.5, 99.0, 101.0, 3.0, 4.0, 100.0, -2.0, 0.25, None, 100.5, None)

ECHO = """
total = sum(size for _, _, size, _ in self.seen)
return [Quote("buy", float(len(self.seen)), total)]
"""
KEEP = """
def on_trade(self, trade):
    self.seen.append(("trade", trade.side, trade.size, trade.time))

def on_fill(self, fill):
    self.seen.append(("fill", fill.side, fill.size, fill.time))

def on_timer(self, now):
    self.seen.append(("timer", "", 0.0, now))
"""


def test_the_strategy_sees_the_book_and_its_params_and_its_quotes_come_back(
    lockdown: Lockdown, strategy: Source
) -> None:
    body = """
    none = 1.0 if book.mark is None and book.funding_rate is None else 0.0
    return [
        Quote("buy", book.bid - self.params["half"], book.bid_size),
        Quote("sell", book.ask + book.volatility, none),
        Quote("sell", book.index, book.position + book.time),
    ]
    """
    with closing(lockdown.start(strategy(body, top='PARAMS = {"half": 0.5}'))) as worker:
        quotes = worker.on_book(BOOK)
    assert quotes == [Quote("buy", 98.5, 3.0), Quote("sell", 101.25, 1.0), Quote("sell", 100.5, 10.5)]


def test_what_happened_is_delivered_in_order_before_the_next_book(
    lockdown: Lockdown, strategy: Source
) -> None:
    body = """
    known = [("trade", "sell", 2.0, 1.0), ("fill", "buy", 3.0, 2.0), ("timer", "", 0.0, 3.0)]
    return [Quote("buy", float(self.seen == known), 1.0)]
    """
    with closing(lockdown.start(strategy(body, KEEP))) as worker:
        worker.on_trade(Trade("sell", 99.0, 2.0, 1.0))
        worker.on_fill(Fill("buy", 98.0, 3.0, 2.0))
        worker.on_timer(3.0)
        assert worker.on_book(BOOK) == [Quote("buy", 1.0, 1.0)]


def test_more_events_than_one_request_holds_all_arrive(lockdown: Lockdown, strategy: Source) -> None:
    count = 2 * wire.MAX_EVENTS + 7
    with closing(lockdown.start(strategy(ECHO, KEEP))) as worker:
        for number in range(count):
            worker.on_trade(Trade("buy", 100.0, 1.0, float(number)))
        assert worker.on_book(BOOK) == [Quote("buy", float(count), float(count))]


def test_a_strategy_needs_no_callback_but_on_book(lockdown: Lockdown, strategy: Source) -> None:
    with closing(lockdown.start(strategy("return []"))) as worker:
        worker.on_trade(Trade("buy", 100.0, 1.0, 1.0))
        worker.on_fill(Fill("sell", 100.0, 1.0, 1.0))
        worker.on_timer(2.0)
        assert worker.on_book(BOOK) == []


def test_everything_that_a_strategy_may_use_is_there(lockdown: Lockdown) -> None:
    source = b"""
from __future__ import annotations
import bisect, heapq, math, statistics
from collections import Counter, defaultdict, deque, namedtuple
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum, auto
from functools import reduce
from itertools import accumulate, chain, islice, pairwise
from typing import NamedTuple
import numpy as np
from alphaloop.contract import Quote

class Mood(Enum):
    CALM = auto()

@dataclass(frozen=True, slots=True)
class State:
    mids: list[float] = field(default_factory=list)
    mood: Mood = Mood.CALM

class Point(NamedTuple):
    x: float

class Strategy:
    def on_book(self, book):
        a = np.linspace(1.0, 2.0, 64)
        weights = np.linalg.solve(np.eye(3) * 2.0, np.ones(3))
        noise = np.log(-np.ones(2)) if book.time else a
        price = float(np.dot(a, a) + np.median(a) + np.percentile(a, 90) + np.sort(a)[0] + weights.sum())
        size = statistics.fmean([Point(1.0).x, replace(State()).mood.value])
        return [Quote("buy", np.float64(price), size)]

    def __init__(self, params):
        pass
"""
    with closing(lockdown.start(source)) as worker:
        (quote,) = worker.on_book(BOOK)
    assert quote.size == 1.0
    assert quote.price == pytest.approx(155.4026455)


def test_what_a_strategy_prints_goes_nowhere(
    lockdown: Lockdown, strategy: Source, capfd: pytest.CaptureFixture[str]
) -> None:
    body = """
    import sys
    for _ in range(10_000):
        print("a line of words", file=None)
    return []
    """
    with closing(lockdown.start(strategy(body))) as worker:
        assert worker.on_book(BOOK) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_the_platforms_fault(
    lockdown: Lockdown, strategy: Source, wrong: float
) -> None:
    with closing(lockdown.start(strategy("return []", KEEP))) as worker:
        with pytest.raises(Broken, match="not finite"):
            worker.on_book((*BOOK[:5], wrong, *BOOK[6:]))
        with pytest.raises(Broken, match="was to be told"):
            worker.on_trade(Trade("buy", wrong, 1.0, 1.0))
        assert worker.on_book(BOOK) == []


def test_an_interrupt_in_the_middle_of_a_step_is_nobodys_fault(lockdown: Lockdown, strategy: Source) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        worker = lockdown.start(strategy("while True: pass"))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(Interrupted):
            worker.on_book(BOOK)
        with pytest.raises(Broken, match="interrupted"):
            worker.on_book(BOOK)
        worker.close()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_the_same_hash_seed_gives_the_same_order_and_another_one_does_not(
    lockdown: Lockdown, strategy: Source
) -> None:
    source = strategy('return [Quote("buy", float(hash("a word") % 1_000_003), 1.0)]')

    def heard(hash_seed: int) -> list[Quote]:
        with closing(lockdown.start(source, hash_seed)) as worker:
            return worker.on_book(BOOK)

    assert heard(0) == heard(0)
    assert heard(0) != heard(7)


def test_a_worker_remembers_nothing_of_the_one_before(lockdown: Lockdown, strategy: Source) -> None:
    body = """
    import builtins, math
    before = getattr(builtins, "mark", 0.0)
    builtins.mark = 1.0
    return [Quote("buy", before, 1.0)]
    """
    for _ in range(2):
        with closing(lockdown.start(strategy(body))) as worker:
            assert worker.on_book(BOOK) == [Quote("buy", 0.0, 1.0)]


def test_parent_and_worker_share_one_core_until_the_worker_is_closed(strategy: Source) -> None:
    before = os.sched_getaffinity(0)
    core = max(before)
    with closing(Lockdown(core=core)) as sandbox:
        with closing(sandbox.start(strategy("return []"))):
            assert os.sched_getaffinity(0) == {core}
            assert {core} in [os.sched_getaffinity(pid) for pid in descendants()]
        assert os.sched_getaffinity(0) == before


def test_a_core_that_is_not_ours_is_refused(strategy: Source) -> None:
    with (
        closing(Lockdown(core=100_000)) as sandbox,
        pytest.raises(Misuse, match="core 100000 cannot be used"),
    ):
        sandbox.start(strategy("return []"))


def test_closing_a_worker_leaves_no_process_and_closing_the_sandbox_not_even_a_nursery(
    strategy: Source,
) -> None:
    before = descendants()
    sandbox = Lockdown()
    worker = sandbox.start(strategy("return []"))
    assert len(descendants() - before) == 2
    worker.close()
    worker.close()
    assert len(descendants() - before) == 1
    sandbox.start(strategy("return []"))
    sandbox.close()
    assert descendants() == before


def test_a_closed_sandbox_can_be_used_again(strategy: Source) -> None:
    with closing(Lockdown()) as sandbox:
        sandbox.close()
        with closing(sandbox.start(strategy("return []"))) as worker:
            assert worker.on_book(BOOK) == []


def test_a_closed_worker_answers_nothing(lockdown: Lockdown, strategy: Source) -> None:
    worker = lockdown.start(strategy("return []"))
    worker.close()
    with pytest.raises(StrategyFault, match="closed"):
        worker.on_book(BOOK)


def test_a_dead_nursery_is_the_platforms_fault_and_the_next_start_makes_another(strategy: Source) -> None:
    before = descendants()
    with closing(Lockdown()) as sandbox:
        worker = sandbox.start(strategy("return []"))
        started = descendants() - before
        os.kill(min(started), 9)
        wait_for_the_end_of(started)
        with pytest.raises(Broken, match="nursery ended"):
            worker.on_book(BOOK)
        with closing(sandbox.start(strategy("return []"))) as another:
            assert another.on_book(BOOK) == []
    assert descendants() == before


def test_workers_end_when_their_parent_is_killed(strategy: Source, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    parent = os.fork()
    if parent == 0:
        sandbox = Lockdown()
        sandbox.start(strategy("return []"))
        told.with_suffix(".tmp").write_text(" ".join(map(str, descendants())))
        told.with_suffix(".tmp").rename(told)
        threading.Event().wait()
    while not told.exists():
        time.sleep(0.01)
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    pids = [int(pid) for pid in told.read_text().split()]
    assert len(pids) == 2
    wait_for_the_end_of(set(pids))


def test_a_forked_copy_of_the_parent_starts_workers_of_its_own(lockdown: Lockdown, strategy: Source) -> None:
    with closing(lockdown.start(strategy("return []"))) as worker:
        copy = os.fork()
        if copy == 0:
            code = 1
            try:
                with closing(lockdown.start(strategy("return []"))) as own:
                    code = len(own.on_book(BOOK))
                lockdown.close()
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0
        assert worker.on_book(BOOK) == []


def wait_for_the_end_of(pids: set[int]) -> None:
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.01)


def descendants() -> set[int]:
    """Every process below this one that has not ended."""
    parents = {int(path.name): parent_of(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_strategy_needs_no_init(lockdown: Lockdown) -> None:
    source = b"class Strategy:\n    def on_book(self, book):\n        return []\n"
    with closing(lockdown.start(source)) as worker:
        assert worker.on_book(BOOK) == []
