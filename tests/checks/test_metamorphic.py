"""The same market later, dearer, upside down: what should change nothing is told when it does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alphaloop.checks.measure import CALM, Kind, Stressed
from alphaloop.checks.metamorphic.mirrored import upside_down
from alphaloop.checks.metamorphic.scaled import TIMES, dearer
from alphaloop.checks.metamorphic.shifted import LATER_S, later
from alphaloop.checks.metamorphic.table import TWINS, same_share
from alphaloop.checks.pretrade import pretrade_findings
from alphaloop.checks.stress import RULES
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.facts.finding import Severity
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.replay import touches
from alphaloop.market.tape import Channel
from alphaloop.simulation.side import play_source
from alphaloop.simulation.timeline import timeline
from alphaloop.simulation.venue import Venue, tape_of

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
CORPUS = Path(__file__).parents[1] / "corpus"
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 20.0, WorldSpec("book"), ())
VENUE = Venue(MARKET, LIMITS, "lockdown")
GAME = replace(
    VENUE,
    market=replace(MARKET, instrument=replace(MARKET.instrument, tick=0.0001), world=WorldSpec("null")),
)
LATER, DEARER, MIRRORED = TWINS


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


@pytest.fixture(scope="module")
def tape():
    return tape_of(VENUE, 3)


ONE_SIDED = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def on_book(self, book):
        return [Quote("buy", book.bid, 0.5)] if book.position < 9.0 else []
"""


def file(name: str) -> bytes:
    return (CORPUS / "benign" / f"{name}.py").read_bytes()


def shares(source, tape, sandbox):
    """By twin, the share that is the same."""
    calm, found = play_source(source, tape, VENUE, sandbox), {}
    for name, twin in TWINS.items():
        told, where = twin.told(tape, VENUE)
        found[name] = same_share(twin, tape, calm, play_source(source, told, where, sandbox))
    return found


def test_who_quotes_in_shares_of_the_price_without_a_clock_gives_the_same_orders(tape, sandbox):
    found = shares(file("linear_skew"), tape, sandbox)
    assert (found[LATER], found[DEARER]) == (1.0, 1.0)
    assert found[MIRRORED] > 0.9


def test_who_trades_by_the_clock_differs_only_later(tape, sandbox):
    found = shares(file("session_clock"), tape, sandbox)
    assert found[LATER] < 0.5
    assert found[DEARER] == 1.0


def test_who_thinks_in_quote_currency_differs_only_where_it_is_dearer(tape, sandbox):
    found = shares(file("avellaneda_stoikov"), tape, sandbox)
    assert found[DEARER] < 0.5
    assert found[LATER] == 1.0


def test_who_only_buys_is_another_in_the_mirror(tape, sandbox):
    found = shares(ONE_SIDED, tape, sandbox)
    assert found == {LATER: 1.0, DEARER: 1.0, MIRRORED: 0.0}


def findings(run):
    return [finding for rule in RULES for finding in rule(run, "strategy.py")]


@pytest.mark.parametrize("name", TWINS)
def test_a_difference_is_a_note_that_says_what_it_means_and_no_veto(name, tape, sandbox):
    run = play_source(ONE_SIDED, tape, VENUE, sandbox)
    kind = Kind.TWIN if TWINS[name].genuine else Kind.COMPARISON
    (finding,) = findings(Stressed(name, run, "", kind=kind, same_share=0.25))
    assert (finding.check, finding.severity) == ("stress.twin", Severity.NOTE)
    assert finding.message.endswith(TWINS[name].meaning)
    assert "75%" in finding.message
    assert findings(Stressed(name, run, "", kind=kind, same_share=1.0)) == []
    assert findings(Stressed(name, run, "", kind=kind, same_share=None)) == []


def test_a_fault_counts_in_a_market_that_could_be_met_and_is_a_warning_in_one_that_could_not():
    (later_fault,) = findings(Stressed(LATER, None, "it fell over", kind=Kind.TWIN))
    (dear_fault,) = findings(Stressed(DEARER, None, "it fell over", kind=Kind.COMPARISON))
    assert (later_fault.check, later_fault.severity) == ("stress.fault", Severity.VETO)
    assert (dear_fault.check, dear_fault.severity) == ("stress.units", Severity.WARNING)


def test_refusals_and_patterns_of_a_comparison_are_not_looked_at(tape, sandbox):
    own = Refusal("order_size", Cause.OWN, 9.0, 5.0, 0)
    run = replace(play_source(ONE_SIDED, tape, VENUE, sandbox), refusals=(own,), breach="drawdown")
    compared = Stressed(DEARER, run, "", kind=Kind.COMPARISON)
    assert pretrade_findings((compared,), "strategy.py") == ()
    assert surveillance_findings((compared,), "strategy.py") == ()
    assert findings(compared) == []
    assert pretrade_findings((replace(compared, scenario=LATER, kind=Kind.TWIN),), "strategy.py")


def test_the_mirror_of_the_mirror_is_the_market_itself(tape):
    once, _ = upside_down(tape, VENUE)
    assert upside_down(once, VENUE)[0].digest() == tape.digest() != once.digest()
    seen, mirrored = touches(tape), touches(once)
    axis = int(seen.bid[0] + seen.ask[0])
    assert np.array_equal(mirrored.bid, axis - seen.ask)
    assert np.array_equal(mirrored.ask_lots, seen.bid_lots)


def test_a_mirror_turns_streams_and_draws_too():
    game = tape_of(GAME, 3)
    from_ns = np.array([game.start_ns], np.int64)
    streams = tuple(
        Channel(name, from_ns, np.array([value])) for name, value in (("mark", 101.0), ("funding", 2e-4))
    )
    mirrored, _ = upside_down(replace(game, channels=streams), GAME)
    first = touches(game)
    axis = float(first.bid[0] + first.ask[0]) * 0.0001
    assert [channel.values[0] for channel in mirrored.channels] == pytest.approx([axis - 101.0, -2e-4])
    assert np.array_equal(mirrored.lottery.draws[:, 0], game.lottery.draws[:, 1])


def test_a_dearer_market_has_the_same_ticks_and_lots_and_a_clock_that_is_late_only_says_so(tape):
    told, where = dearer(tape, VENUE)
    assert told.instrument.tick == where.market.instrument.tick == pytest.approx(0.08)
    assert where.limits.max_order_value == TIMES * LIMITS.max_order_value
    assert np.array_equal(timeline(tape).local.states, timeline(told).local.states)
    shifted, _ = later(tape, VENUE)
    assert shifted.events is tape.events
    assert shifted.channel("clock_skew").values.tolist() == [LATER_S]


def test_the_calm_market_is_no_twin():
    assert CALM not in TWINS
