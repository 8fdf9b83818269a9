"""What a file may cost a review: counted in the work of its own processes, and in nothing else."""

import time
from pathlib import Path

import pytest

from alphaloop.checks.budget import ALLOWED_PER_ANSWER_S, ALLOWED_S, Metered, Overspent
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import examine
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.sandbox.lockdown import Lockdown, missing_here
from alphaloop.simulation.venue import Venue

TEMPLATE = (Path(__file__).parents[2] / "strategy_template" / "strategy.py").read_bytes()
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(
    Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 15.0, WorldSpec("null"), proof_s=1.0
)
VENUE = Venue(MARKET, LIMITS, "lockdown")
BOOK = (1_000.0, 99.99, 100.01, 1.0, 1.0, 100.0, 0.0, 0.01, None, None, None)


class Slow:
    """A sandbox of workers that claim to have worked so long for each answer."""

    name, tainted, holds_prover = "by hand", False, True

    def __init__(self, answer_s):
        self.answer_s, self.ended = answer_s, 0

    def start(self, source, hash_seed=0):
        return SlowWorker(self)

    def close(self):
        self.ended = -1


class SlowWorker:
    on_trade = on_fill = on_timer = watch = None

    def __init__(self, sandbox):
        self._sandbox, self._worked_s = sandbox, 0.0

    def on_book(self, book):
        self._worked_s += self._sandbox.answer_s
        return []

    def spent_s(self):
        return self._worked_s

    def close(self):
        self._sandbox.ended += 1

    abandon = close


@pytest.fixture(scope="module")
def sandbox():
    if missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(missing_here())}")
    made = Lockdown()
    yield made
    made.close()


def lives(meter, source, count, answers, pause_s=0.0):
    """Start so many workers one after the other, and ask each so many times."""
    for _ in range(count):
        worker = meter.start(source)
        for _ in range(answers):
            worker.on_book(BOOK)
            time.sleep(pause_s)
        worker.close()


def test_an_answer_of_a_millisecond_may_be_given_for_ever_and_one_of_two_may_not():
    """Two milliseconds an answer are one more than allowed: 5 s of that are gone after 5,000 answers."""
    enough, too_much = Metered(Slow(1e-3), b"it"), Metered(Slow(2e-3), b"it")
    lives(enough, b"it", 100, 100)
    assert not enough.over
    with pytest.raises(Overspent):
        lives(too_much, b"it", 100, 100)
    assert too_much.answers == 5_100
    assert too_much.spent_s == pytest.approx(10.2)
    assert too_much.allowed_s == pytest.approx(ALLOWED_S + 5_100 * ALLOWED_PER_ANSWER_S)


def test_a_worker_is_ended_however_much_it_spent_and_counted_once():
    made = Slow(4.0)
    meter = Metered(made, b"it")
    worker = meter.start(b"it")
    worker.on_book(BOOK)
    worker.on_book(BOOK)
    worker.close()
    assert (made.ended, meter.spent_s, meter.over) == (1, 8.0, True)
    worker.abandon()
    assert (made.ended, meter.spent_s) == (2, 8.0)


def test_what_base_spends_is_not_the_candidates():
    meter = Metered(Slow(9.0), b"it")
    lives(meter, b"base", 3, 3)
    assert (meter.spent_s, meter.answers, meter.over) == (0.0, 0, False)


def test_a_worker_is_stopped_while_it_plays_and_not_only_at_its_end():
    meter = Metered(Slow(9.0), b"it")
    with pytest.raises(Overspent):
        lives(meter, b"it", 1, 1_000, pause_s=0.01)
    assert meter.answers < 100


def test_the_finding_says_what_was_spent_and_what_is_allowed():
    meter = Metered(Slow(9.0), b"it")
    lives(meter, b"it", 1, 2)
    assert meter.finding("strategy.py").message.startswith(
        "its first 2 answers cost 18.0 s of processor time, and 5.0 s are allowed (5 s, and 1 ms for each"
    )


def test_a_real_worker_says_what_it_worked_and_not_how_long_it_was_waited_for(sandbox):
    worker = sandbox.start(TEMPLATE)
    before = worker.spent_s()
    time.sleep(0.2)
    assert 0.0 < before <= worker.spent_s() < before + 0.1
    worker.on_book(BOOK)
    last = worker.spent_s()
    worker.close()
    assert last <= worker.spent_s() < last + 0.1
    assert worker.spent_s() == worker.spent_s()


def test_honest_files_are_far_from_what_is_allowed(sandbox):
    """Less than a tenth, so that no machine's mood makes a veto of it."""
    meter = Metered(sandbox, TEMPLATE)
    found = examine(
        Subject("strategy.py", TEMPLATE, None, LIMITS), VENUE, "pre-trade", lambda words: None, meter
    )
    assert vetoes(found.findings) == ()
    assert meter.answers > 1_000
    assert 10 * meter.spent_s < meter.allowed_s
