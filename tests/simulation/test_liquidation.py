"""A position that the venue would take away ends the episode, whatever the limits allow."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.contract import Quote
from alphaloop.facts.market import Instrument, Market, WorldSpec
from alphaloop.market.metrics.margin import liquidation_buffer
from alphaloop.market.tape import SELL, TRADE, Channel
from alphaloop.simulation.episode import play
from alphaloop.simulation.timeline import timeline

# Long 10 at 105 with 150: cash −900, liquidated at 900 / (10 · 0.9) = 100 under a margin of 10 %.
POOR = Market(
    Instrument("HAND", 1.0, 1.0, 0.0, 0.0, maintenance_margin=0.1), 150.0, 0.0, 20.0, WorldSpec("book")
)


def _marked(maker, *marks):
    """A market whose mid is 105 all along and whose mark stream says `marks` (ms after the start)."""
    tape = maker.tape((11_000, TRADE | SELL, 105, 20), instrument=POOR.instrument)
    times_ns = np.array([0, *(tape.start_ns + ms * 1_000_000 for ms, _ in marks)], np.int64)
    return replace(tape, channels=(Channel("mark", times_ns, np.array([105.0, *(to for _, to in marks)])),))


@pytest.fixture
def patient(limits):
    """Limits that would let a strategy lose everything."""
    return replace(limits, max_drawdown=1.0, max_leverage=1e6)


@pytest.fixture
def long_ten(strategy):
    return strategy(lambda book: [Quote("buy", 105.0, 10.0)] if book.position == 0 else [])


def test_a_mark_beyond_the_liquidation_price_ends_the_episode(long_ten, maker, patient):
    tape = _marked(maker, (13_000, 101.0), (14_000, 99.5))
    journal = play(long_ten, tape, POOR, patient)
    assert journal.breach.startswith("liquidated: at the mark 99.5 equity is 95")
    assert journal.end_ns < timeline(tape).end_ns
    # (99.5 − 100) / 99.5 at the last mark.
    assert liquidation_buffer([journal]) == pytest.approx(-0.5 / 99.5)
    assert not [book for book in long_ten.books if book.time * 1e9 > journal.end_ns]


def test_a_mark_before_it_does_not(long_ten, maker, patient):
    journal = play(long_ten, _marked(maker, (13_000, 101.0), (14_000, 110.0)), POOR, patient)
    assert journal.breach == ""
    # (101 − 100) / 101 at the worst mark.
    assert liquidation_buffer([journal]) == pytest.approx(1 / 101)


def test_the_mid_decides_where_there_is_no_mark(long_ten, maker, patient):
    tape = maker.tape((11_000, TRADE | SELL, 105, 20), instrument=POOR.instrument)
    journal = play(long_ten, tape, POOR, patient)
    assert journal.breach == ""
    assert liquidation_buffer([journal]) == pytest.approx(5 / 105)


def test_the_journal_says_what_was_allowed_and_every_message(long_ten, maker, patient):
    journal = play(long_ten, _marked(maker), replace(POOR, messages_per_second=30.0), patient)
    assert journal.messages_per_second == 30.0
    assert len(journal.orders) > 0
