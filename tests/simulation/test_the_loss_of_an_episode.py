"""What one episode can lose: MAX_DRAWDOWN, and one move of the price on top.

The tournament clips what it tests, so a ruin must be bounded by something that no strategy can talk to.
"""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.agents.arena.ground import ground
from alphaloop.errors import SandboxUnavailable
from alphaloop.facts.episode import Pair
from alphaloop.market.metrics import score
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.rules.wagers import ended_by
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import tape_of

LIMIT = 0.005
"""Of a capital of 1,000: five in quote currency, half a unit of price for a full position of ten."""
RECKLESS = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        pass

    def on_book(self, book):
        return [Quote("buy", book.bid, 5.0)] if book.position + 5.0 <= 10.0 else []
"""


@pytest.fixture(scope="module")
def market():
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")
    venue = ground("book").venue
    return replace(venue, limits=replace(venue.limits, max_drawdown=LIMIT))


def fallen(journal):
    """How far equity is below its peak at every mark, in shares of capital; the start is a peak."""
    equity = journal.marks["equity"]
    return (np.maximum.accumulate(np.append(journal.capital, equity))[1:] - equity) / journal.capital


@pytest.mark.parametrize("name", ["", "flash_crash", "fat_finger", "feed_gap", "one_sided_flow"])
def test_the_first_mark_beyond_the_limit_ends_the_episode_one_move_of_the_price_too_late_at_most(
    market, name
):
    ended = 0
    for seed in range(3):
        tape = tape_of(market, seed)
        journal = play_source(RECKLESS, SCENARIOS[name].apply(tape) if name else tape, market)
        depth = fallen(journal)
        if not journal.breach:
            assert depth.max() <= LIMIT
            continue
        ended += 1
        first = int(np.argmax(depth > LIMIT))
        times_ns = journal.marks["time_ns"]
        assert set(times_ns[first:].tolist()) <= {int(times_ns[first]), journal.end_ns}
        assert journal.end_ns == times_ns[first], "nothing is waited for"
        assert (journal.fills["received_ns"] <= journal.end_ns).all()
        largest_move = float(np.abs(np.diff(journal.mids["mid"])).max())
        assert (depth.max() - LIMIT) * journal.capital <= 10.0 * largest_move + 1e-9
        assert ended_by(score(journal)).startswith("broke a hard limit")
    assert ended, "no seed of this scenario tries the limit"


def test_a_candidate_that_is_ended_there_has_lost_its_test_whatever_it_earned(market):
    tape = SCENARIOS["flash_crash"].apply(tape_of(market, 1))
    ruined = score(play_source(RECKLESS, tape, market))
    assert ruined.objective is not None, "the loss is booked as it is"
    pair = Pair(1, ruined, replace(ruined, objective=ruined.objective - 1e6, breach=""))
    assert pair.gain > 0
    assert ended_by(pair.candidate)
