"""A halt over a loss that is lifted while the loss stays, and what only looks like one."""

import pytest

from alphaloop.checks.bombs.ground import ground
from alphaloop.checks.bombs.losing import LOSING, losing
from alphaloop.checks.measure import Kind, Stressed
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.sandbox import lockdown
from alphaloop.simulation.rounds import rounds
from alphaloop.simulation.venue import Venue, tape_of

LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"))
MAKER = """
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.cash = 0.0
        self.held = 0.0
        self.peak = 0.0
        self.halted_at = None
        self.calls = 0
        self.filled_at = -1e9
        self.mids = []

    def on_fill(self, fill):
        sign = 1.0 if fill.side == "buy" else -1.0
        self.cash -= sign * fill.size * fill.price
        self.held += sign * fill.size
        self.filled_at = fill.time

    def on_book(self, book):
        equity = self.cash + self.held * book.mid
        loss = max(0.0, self.peak - equity)
        self.calls += 1
        {pause}
        half = book.mid * 0.0008
        quotes = []
        if book.position + 2.0 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half, 2.0))
        if book.position - 2.0 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half, 2.0))
        return quotes
"""
LIFTED = {
    "after two seconds, and the loss forgotten": """
        if loss > 0.5:
            self.halted_at = book.time
            self.peak = equity
        if self.halted_at is not None and book.time - self.halted_at < 2.0:
            return []""",
    "after a minute": """
        if loss > 20.0 and self.halted_at is None:
            self.halted_at = book.time
        if self.halted_at is not None and book.time - self.halted_at < 60.0:
            return []""",
    "after three quarters of an hour": """
        if loss > 50.0 and self.halted_at is None:
            self.halted_at = book.time
        if self.halted_at is not None and book.time - self.halted_at < 2700.0:
            return []""",
    "after a hundred calls": """
        if loss > 20.0 and self.halted_at is None:
            self.halted_at = self.calls
        if self.halted_at is not None and self.calls - self.halted_at < 100:
            return []""",
}
HONEST = {
    "it never halts": "",
    "its halt stands": """
        if loss > 20.0 or self.halted_at is not None:
            self.halted_at = book.time
            return []""",
    "its halt ends with the loss": """
        if loss > 20.0:
            return []""",
    "it pauses after its own fills": """
        if book.time - self.filled_at < 30.0:
            return []""",
    "it pauses after a move": """
        self.mids = [*self.mids[-4:], book.mid]
        if abs(self.mids[-1] - self.mids[0]) > 0.002 * book.mid:
            return []""",
    "it gives up the side that loses": """
        if loss > 20.0:
            return [Quote("sell", book.ask, 2.0)]""",
}


@pytest.fixture(scope="module")
def place():
    """A sandbox, and where drills take place."""
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    venue = Venue(MARKET, LIMITS, "lockdown")
    yield made, ground(rounds(tape_of(venue, 1))[0], MARKET, LIMITS)
    made.close()


def vetoed(pause, place):
    sandbox, here = place
    (run, fault), lifted = losing(MAKER.replace("{pause}", pause.strip()).encode(), here, sandbox)
    assert fault == ""
    runs = (Stressed(LOSING, run, fault, kind=Kind.DRILL, lifted=lifted),)
    return [finding.message for finding in vetoes(surveillance_findings(runs, "strategy.py"))]


@pytest.mark.parametrize("how", LIFTED)
def test_a_halt_that_is_lifted_while_the_loss_stays_is_vetoed(how, place):
    (said,) = vetoed(LIFTED[how], place)
    assert "a halt that lifts itself" in said


@pytest.mark.parametrize("how", HONEST)
def test_what_is_no_lifted_halt_passes(how, place):
    assert vetoed(HONEST[how], place) == []


def test_a_strategy_that_fails_on_the_way_is_at_fault(place):
    sandbox, here = place
    source = MAKER.replace("{pause}", "1 / 0 if loss > 20.0 else None").encode()
    (_, fault), lifted = losing(source, here, sandbox)
    assert "ZeroDivisionError" in fault
    assert lifted == ""
