"""Each scenario moves the metric that it names, in the direction that it says, on the shipped strategy."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alphaloop.facts.market import Limits, Market
from alphaloop.market.journal import Journal
from alphaloop.market.metrics.record import record
from alphaloop.market.scenarios import SCENARIOS, Way
from alphaloop.market.scenarios.streams import as_perpetual
from alphaloop.market.tape import Tape
from alphaloop.ports import Sandbox
from alphaloop.rules.constitution import limits as limits_page
from alphaloop.rules.constitution import market as market_page
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
TEMPLATE = Path(__file__).parents[2] / "strategy_template"
SHIPPED = (TEMPLATE / "strategy.py").read_bytes()
PACED = b'''
from alphaloop.contract import Quote


class Strategy:
    """Moves its quotes five times a second, by the clock that it is shown."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.again = 0.0
        self.mid = 0.0

    def on_book(self, book):
        if book.time >= self.again:
            self.again = book.time + 0.2
            self.mid = book.mid
        quotes = []
        if book.position <= 8.0:
            quotes.append(Quote("buy", self.mid - 0.08, 2.0))
        if book.position >= -8.0:
            quotes.append(Quote("sell", self.mid + 0.08, 2.0))
        return quotes
'''
# The shipped strategy never asks what time it is, so a wrong clock cannot move it: one that does stands in.
WITNESSES = {"clock_skew": PACED}
SEEDS = range(100, 104)
Play = Callable[[bytes, Tape], Journal]


@pytest.fixture(scope="module")
def venue() -> Venue:
    market: Market = market_page.market((TEMPLATE / "market.yaml").read_bytes())
    limits: Limits = limits_page.limits((TEMPLATE / "risk.py").read_bytes())
    return Venue(market, limits, "lockdown")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


@pytest.fixture(scope="module")
def play(venue: Venue, sandbox: Sandbox) -> Play:
    """Play a strategy over a tape; the same pair once only."""
    done: dict[tuple[bytes, str], Journal] = {}

    def played(source: bytes, tape: Tape) -> Journal:
        key = (source, tape.digest())
        if key not in done:
            done[key] = play_source(source, tape, venue, sandbox)
        return done[key]

    return played


@pytest.fixture(scope="module")
def calm(venue: Venue) -> list[Tape]:
    return [tape_of(venue, seed) for seed in SEEDS]


def _value(journal: Journal, name: str) -> float:
    assert not journal.fault
    value = {metric.name: metric.value for metric in record((journal,), (), 0).metrics}[name]
    assert value is not None, f"{name} is missing"
    return float(value)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_moves_its_metric_the_way_it_says(name: str, calm: list[Tape], play: Play) -> None:
    scenario, source = SCENARIOS[name], WITNESSES.get(name, SHIPPED)
    before, after = [], []
    for tape in calm:
        # A metric of a perpetual has no value without its streams, so the calm tape is given them too.
        streamed = as_perpetual(tape) if name in ("funding_spike", "basis_break") else tape
        before.append(_value(play(source, streamed), scenario.moves))
        after.append(_value(play(source, scenario.apply(tape)), scenario.moves))
    changes = np.array(after) - np.array(before)
    if scenario.way is Way.AWAY:
        assert (np.abs(changes) > 0).all()
        return
    sign = 1 if scenario.way is Way.UP else -1
    assert (sign * changes > 0).sum() >= 3, (before, after)
    assert sign * changes.mean() > 0


def test_a_wrong_clock_leaves_a_strategy_that_reads_none_alone_to_the_last_nanosecond(
    calm: list[Tape], play: Play
) -> None:
    true = play(SHIPPED, calm[0])
    skewed = play(SHIPPED, SCENARIOS["clock_skew"].apply(calm[0]))
    assert true.digest == skewed.digest
    assert (true.fills == skewed.fills).all()


def test_what_is_filled_while_the_line_is_cut_is_heard_of_when_it_is_back(
    calm: list[Tape], play: Play
) -> None:
    scenario = SCENARIOS["disconnect"]
    cut = 0
    for tape in calm:
        begin_ns, end_ns = scenario.struck(tape)
        journal = play(SHIPPED, scenario.apply(tape))
        fills = journal.fills
        inside = fills[(fills["matched_ns"] > begin_ns + 50_000_000) & (fills["matched_ns"] < end_ns)]
        cut += len(inside)
        assert (inside["received_ns"] >= end_ns).all()
        assert (inside["received_ns"] < end_ns + 100_000_000).all()
    assert cut > 0


def test_what_is_filled_in_a_rate_limit_storm_is_heard_of_at_once(calm: list[Tape], play: Play) -> None:
    scenario = SCENARIOS["rate_limit_storm"]
    begin_ns, end_ns = scenario.struck(calm[0])
    fills = play(SHIPPED, scenario.apply(calm[0])).fills
    inside = fills[(fills["matched_ns"] > begin_ns) & (fills["matched_ns"] < end_ns)]
    assert len(inside) > 0
    assert (inside["received_ns"] - inside["matched_ns"]).max() < 60_000_000


def test_a_funding_spike_is_paid_by_who_is_long_at_its_settlement(calm: list[Tape], play: Play) -> None:
    tape = SCENARIOS["funding_spike"].apply(calm[0])
    journal = play(SHIPPED, tape)
    (settled,) = journal.funding
    held = journal.marks[journal.marks["time_ns"] < settled["time_ns"]]["position_lots"][-1]
    assert settled["rate"] == 0.01
    assert settled["received"] == pytest.approx(-held * 0.001 * settled["price"] * 0.01)
    assert settled["received"] != 0


def test_what_a_dead_line_refused_is_told_as_refused_and_is_no_message(calm: list[Tape], play: Play) -> None:
    journal = play(SHIPPED, SCENARIOS["rate_limit_storm"].apply(calm[0]))
    orders = journal.orders
    refused = orders[orders["verb"] == 3]
    assert len(refused) > 50
    assert set(refused["order"].tolist()) <= set(orders["order"][orders["verb"] == 1].tolist())
    assert not set(refused["order"].tolist()) & set(journal.fills["order"].tolist())
    answered = replace(journal, orders=orders[orders["verb"] != 3])
    for metric in ("message_ratio", "fill_rate"):
        assert _value(journal, metric) == _value(answered, metric)
