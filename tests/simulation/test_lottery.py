"""The published game: its order within a step, and its numbers."""

import math
from statistics import fmean, stdev

import numpy as np
import pytest

from alphaloop.contract import Quote
from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.worlds import make
from alphaloop.simulation.episode import play
from alphaloop.simulation.timeline import timeline

GAMMA, K, VARIANCE, STEPS, LEAD_IN_S = 0.1, 1.5, 4.0 / 200, 200, 12.0
PATHS = 100
FINE = Instrument("GAME", tick=0.0001, lot=1.0, maker_bps=0.0, taker_bps=0.0)
LIMITS = Limits(50.0, 5.0, 10_000.0, 300.0, 0.99, 1_000.0, 3, 50.0, 0.0, 1_000.0)


def game(name="avellaneda-stoikov"):
    return Market(FINE, 10_000.0, 0.0, float(STEPS), WorldSpec(name, (("games", 1.0),)))


def quoter(start_s, leaning):
    """The paper's formula; without leaning, the same spread around the mid."""

    def answer(book):
        left = STEPS + LEAD_IN_S - (book.time - start_s)
        away = (GAMMA * VARIANCE * left + 2 / GAMMA * math.log(1 + GAMMA / K)) / 2
        lean = book.position * GAMMA * VARIANCE * left if leaning else 0.0
        return [Quote("buy", book.mid - lean - away, 1.0), Quote("sell", book.mid - lean + away, 1.0)]

    return answer


def played(strategy, market, leaning=True, paths=PATHS):
    profits, ends = [], []
    for seed in range(paths):
        tape = make(market.world, FINE, market.episode_s, seed)
        journal = play(strategy(quoter(tape.start_ns * 1e-9, leaning)), tape, market, LIMITS)
        assert not journal.refusals
        profits.append(float(journal.marks["equity"][-1]) - market.capital)
        ends.append(int(journal.marks["position_lots"][-1]))
    return profits, ends


def test_the_inventory_strategy_earns_what_was_published(strategy):
    profits, ends = played(strategy, game())
    assert abs(fmean(profits) - 64.90) < 4 * 6.54 / PATHS**0.5
    assert stdev(profits) == pytest.approx(6.54, rel=0.25)
    assert stdev(ends) == pytest.approx(2.93, rel=0.25)


def test_the_symmetric_strategy_earns_more_and_risks_twice_as_much(strategy):
    profits, ends = played(strategy, game(), leaning=False)
    assert abs(fmean(profits) - 68.0) < 4 * 13.27 / PATHS**0.5
    assert stdev(profits) == pytest.approx(13.27, rel=0.25)
    assert stdev(ends) == pytest.approx(8.40, rel=0.25)


@pytest.mark.parametrize("leaning", [True, False])
def test_in_the_null_world_nobody_has_an_edge(strategy, leaning):
    profits, _ = played(strategy, game("null"), leaning)
    assert abs(fmean(profits)) < 4 * stdev(profits) / PATHS**0.5


def test_two_hundred_steps_are_played_with_one_decision_each(strategy):
    market = game()
    tape = make(market.world, FINE, market.episode_s, 7)
    worker = strategy(lambda book: [Quote("buy", book.mid - 1e-3, 1.0)] if book.position < 40 else [])
    journal = play(worker, tape, market, LIMITS)
    # Two of the twelve seconds of lead-in come after the first ten of data; nothing is filled in them.
    assert journal.decisions == STEPS + 2
    assert np.diff([book.time for book in worker.books]) == pytest.approx(1.0)
    assert journal.fills["matched_ns"].min() > tape.start_ns + 12_000_000_000


def test_a_fill_is_at_the_quote_and_against_the_mid_before_its_move(strategy):
    market = game()
    tape = make(market.world, FINE, market.episode_s, 7)
    journal = play(strategy(lambda book: [Quote("buy", book.mid - 0.5, 1.0)]), tape, market, LIMITS)
    assert len(journal.fills) > 5
    distance = journal.fills["mid"] - journal.fills["ticks"] * FINE.tick
    assert distance == pytest.approx(np.full(len(distance), 0.5), abs=1.5e-4)
    assert (journal.fills["mid"] == journal.fills["decision_mid"]).all()
    made = timeline(tape)
    moved = [
        abs(made.mid_at(at) - mid)
        for at, mid in zip(journal.fills["received_ns"].tolist(), journal.fills["mid"].tolist(), strict=True)
    ]
    assert min(moved) > 0.1


def test_a_fill_of_the_null_world_earns_no_spread(strategy):
    market = game("null")
    tape = make(market.world, FINE, market.episode_s, 7)
    journal = play(strategy(lambda book: [Quote("buy", book.mid - 0.5, 1.0)]), tape, market, LIMITS)
    assert len(journal.fills) > 5
    assert journal.attribution.spread == pytest.approx(0.0, abs=1e-9)


def test_a_mid_between_two_ticks_cannot_be_the_price_of_a_null_world(strategy):
    market = game("null")
    tape = make(market.world, FINE, market.episode_s, 7)
    asks = (tape.events["ev"] & (1 << 28)) != 0
    tape.events["px"][asks] += FINE.tick
    with pytest.raises(BadTape, match="between two ticks"):
        play(strategy(lambda book: [Quote("buy", book.mid - 0.01, 1.0)]), tape, market, LIMITS)


def test_a_quote_beyond_the_mid_is_filled_in_every_step(strategy):
    market = game()
    tape = make(market.world, FINE, market.episode_s, 7)

    def answer(book):
        side, beyond = ("sell", -1) if book.position > 0 else ("buy", 1)
        return [Quote(side, book.mid + beyond, 1.0)]

    journal = play(strategy(answer), tape, market, LIMITS)
    assert len(journal.fills) == STEPS
