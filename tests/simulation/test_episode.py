"""A whole episode: who hears what when, what it costs, and how it ends."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from alphaloop.contract import Fill, Quote, Trade
from alphaloop.errors import Broken
from alphaloop.facts.market import Instrument, Market, WorldSpec
from alphaloop.facts.order import Cause
from alphaloop.market.ingest import ingest
from alphaloop.market.journal import SUBMIT
from alphaloop.market.metrics import score
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import BUY, DEPTH, LOCAL, SELL, TRADE, Channel
from alphaloop.market.worlds import make
from alphaloop.simulation.episode import play
from alphaloop.simulation.timeline import timeline

MS = 1_000_000
HAND = Market(Instrument("HAND", 1.0, 1.0, 0.0, 0.0), 10_000.0, 0.0, 20.0, WorldSpec("book"))


def causes(journal):
    return {(refusal.rule, refusal.cause) for refusal in journal.refusals}


def submitted(journal):
    return int((journal.orders["verb"] == SUBMIT).sum())


def test_a_strategy_that_fails_ends_the_run_and_is_quoted(strategy, maker, limits):
    worker = strategy(lambda book: None if book.time > 1_012 else [Quote("buy", 105.0, 2.0)])
    journal = play(worker, maker.tape((11_000, TRADE | SELL, 105, 5)), HAND, limits)
    assert journal.fault == "strategy.py:1: it gave up"
    assert journal.end_ns < timeline(maker.tape()).end_ns
    assert len(journal.fills) == 1
    assert score(journal).objective is None


def test_a_platform_that_fails_is_never_the_strategys_fault(strategy, maker, limits):
    with pytest.raises(Broken, match="took over 0 s"):
        play(strategy(), maker.tape(), HAND, limits, wall_s=0.0)


@pytest.mark.parametrize(("worked_s", "at_fault"), [(0.11, True), (0.09, False)])
def test_who_takes_all_the_time_is_at_fault_when_it_worked_for_half_of_it(
    worked_s, at_fault, strategy, maker, limits
):
    """What counts is processor time: who only waits, or was not scheduled, is nobody's fault."""
    import time

    worker = strategy(lambda book: time.sleep(0.05) or [])
    worker.worked_s = worked_s
    if at_fault:
        assert "worked for 0.1 s" in play(worker, maker.tape(), HAND, limits, wall_s=0.2).fault
    else:
        with pytest.raises(Broken, match="free this machine"):
            play(worker, maker.tape(), HAND, limits, wall_s=0.2)


def test_nobody_is_asked_before_ten_seconds_and_the_clock_ticks_from_the_first(strategy, maker, limits):
    worker = strategy()
    tape = maker.tape()
    play(worker, tape, HAND, limits)
    start = timeline(tape).start_ns * 1e-9
    assert worker.books[0].time == pytest.approx(start + 10)
    ticks = [heard for heard in worker.told if isinstance(heard, float)]
    assert ticks[:3] == pytest.approx([start + 1, start + 2, start + 3])


def test_on_a_quiet_market_the_strategy_is_asked_ten_times_a_second(strategy, maker, limits):
    worker = strategy()
    play(worker, maker.tape(seconds=15.0), HAND, limits)
    assert np.diff([book.time for book in worker.books[:40]]) == pytest.approx(0.1)


def test_a_new_best_price_is_told_at_once_and_a_new_size_is_not(strategy, maker, limits):
    worker = strategy()
    play(worker, maker.tape((11_010, DEPTH | BUY, 101, 7), (11_020, DEPTH | BUY, 101, 3)), HAND, limits)
    asked = [(round((book.time - 1_000) * 1e3), book.bid, book.bid_size) for book in worker.books]
    # The trader hears everything 5 ms later.
    assert (11_015, 101.0, 7.0) in asked
    assert not [moment for moment, _, _ in asked if moment == 11_025]
    assert (11_115, 101.0, 3.0) in asked


def test_trades_and_fills_are_told_before_the_strategy_is_asked(strategy, maker, limits):
    worker = strategy(lambda book: [Quote("buy", 105.0, 2.0)] if book.position == 0 else [])
    journal = play(worker, maker.tape((11_002, TRADE | SELL, 105, 5)), HAND, limits)
    place = next(place for place, heard in enumerate(worker.told) if isinstance(heard, Fill))
    assert isinstance(worker.told[place - 1], Trade)
    assert worker.told[place] == Fill("buy", 105.0, 2.0, pytest.approx(1_011.012))
    assert worker.told[place + 1].position == 2.0
    assert (submitted(journal), set(journal.fills["order"])) == (1, {1})


def test_nothing_that_is_told_lies_in_the_future(strategy, maker, limits, market, quoting):
    worker = strategy(quoting)
    tape = make(market.world, market.instrument, 20.0, 3)
    journal = play(worker, tape, market, limits)
    # A fill is heard of after its match, and the match comes after the order's own way to the exchange.
    assert (journal.fills["received_ns"] > journal.fills["matched_ns"]).all()
    times = [heard.time if not isinstance(heard, float) else heard for heard in worker.told]
    assert all(late - early > -1e-3 for early, late in pairwise(times))


def test_the_money_adds_up_in_the_journal(strategy, market, limits, quoting):
    instrument = Instrument("SYN", 0.01, 0.001, 2.0, 5.0)
    for seed in range(3):
        tape = make(market.world, instrument, 20.0, seed)
        journal = play(strategy(quoting), tape, market, limits)
        parts = journal.attribution
        pnl = float(journal.marks["equity"][-1]) - journal.capital
        assert len(journal.fills) > 0
        assert (
            abs(pnl - (parts.spread + parts.inventory - parts.fees + parts.funding)) < 1e-9 * journal.capital
        )
        assert parts.fees == pytest.approx(float(journal.fills["fee"].sum()))
        cash = journal.fills["side"] * journal.fills["ticks"] * journal.fills["lots"]
        held = journal.marks["position_lots"][-1] * instrument.lot * journal.marks["mid"][-1]
        by_hand = held - float(cash.sum()) * instrument.tick * instrument.lot - parts.fees
        assert pnl == pytest.approx(by_hand, abs=1e-6)


def test_the_end_is_marked_to_the_exchanges_mid(strategy, maker, limits):
    tape = maker.tape((19_999, DEPTH | BUY, 104, 1))
    tape.events["ev"][-2] &= ~np.uint64(LOCAL)
    assert play(strategy(), tape, HAND, limits).marks["mid"][-1] == 107.0


def test_a_drawdown_beyond_the_limit_ends_the_run_and_takes_the_orders_back(strategy, maker, limits):
    worker = strategy(
        lambda book: [Quote("buy", 105.0, 10.0), Quote("buy", 90.0, 0.0 + 1)][: 1 if not book.position else 2]
    )
    crash = [
        (11_000, TRADE | SELL, 105, 20),
        (12_000, DEPTH | BUY, 100, 0),
        (12_000, DEPTH | BUY, 30, 5),
        (12_000, DEPTH | SELL, 35, 5),
    ]
    poor = Market(HAND.instrument, 1_050.0, 0.0, 20.0, HAND.world)
    journal = play(worker, maker.tape(*crash), poor, limits)
    assert "MAX_DRAWDOWN" in journal.breach
    assert journal.end_ns < timeline(maker.tape()).end_ns
    assert score(journal).max_drawdown > 0.5


def test_refused_quotes_are_not_sent(strategy, maker, limits):
    journal = play(
        strategy(lambda book: [Quote("buy", float("nan"), 1.0), Quote("sell", 105.0, 100.0)]),
        maker.tape(),
        HAND,
        limits,
    )
    assert len(journal.orders) == 0
    assert causes(journal) == {("number", Cause.OWN), ("order_size", Cause.OWN)}


def test_a_quote_that_would_take_is_rejected_and_not_repeated_at_once(strategy, maker, limits):
    journal = play(strategy(lambda book: [Quote("buy", 112.0, 1.0)]), maker.tape(seconds=12.0), HAND, limits)
    assert len(journal.fills) == 0
    assert 0 < submitted(journal) <= journal.decisions


def test_a_gap_in_the_tape_takes_the_orders_back_and_asks_nobody(strategy, maker, limits):
    start = maker.tape().start_ns
    gap = (start + 12_000 * MS, start + 14_000 * MS)
    worker = strategy(lambda book: [Quote("buy", 101.0, 1.0)])
    journal = play(worker, maker.tape((13_000, TRADE | SELL, 101, 50), gaps_ns=(gap,)), HAND, limits)
    assert not [book for book in worker.books if gap[0] < book.time * 1e9 < gap[1]]
    assert len(journal.fills) == 0
    assert causes(journal) == {("stale_data", Cause.CIRCUMSTANCE)}
    assert submitted(journal) == 2


def test_a_side_that_vanishes_takes_the_orders_back(strategy, maker, limits):
    worker = strategy(lambda book: [Quote("buy", 101.0, 1.0)])
    vanished = [(12_000, DEPTH | SELL, 110, 0), (13_000, DEPTH | SELL, 110, 5)]
    journal = play(worker, maker.tape(*vanished), HAND, limits)
    assert not [book for book in worker.books if 1_012.1 < book.time < 1_013.0]
    assert submitted(journal) == 2


def test_old_data_stop_the_quotes_by_circumstance(strategy, market, limits, quoting):
    tape = SCENARIOS["feed_gap"].apply(make(market.world, market.instrument, 20.0, 1))
    journal = play(strategy(quoting), tape, market, limits)
    assert ("stale_data", Cause.CIRCUMSTANCE) in causes(journal)
    assert {cause for _, cause in causes(journal)} == {Cause.CIRCUMSTANCE}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_in_every_scenario_a_decent_strategy_is_never_refused_for_its_own_doing(
    strategy, market, limits, quoting, name
):
    tape = SCENARIOS[name].apply(make(market.world, market.instrument, 20.0, 2))
    journal = play(strategy(quoting), tape, market, limits)
    assert journal.decisions > 0
    assert not journal.fault
    assert {cause for _, cause in causes(journal)} <= {Cause.CIRCUMSTANCE}
    assert np.abs(journal.marks["position_lots"]).max() * 0.001 <= limits.max_position


def test_the_side_streams_are_in_the_book_and_funding_is_paid(strategy, maker, limits):
    tape = maker.tape((11_000, TRADE | SELL, 105, 5))
    hours = 8 * 3_600 * 1_000 * MS
    shift = hours - tape.start_ns - 15_000 * MS
    for column in ("exch_ts", "local_ts"):
        tape.events[column] += shift
    streams = {"mark": 105.5, "index": 105.25, "funding": 0.001}
    channels = tuple(Channel(name, np.array([0]), np.array([value])) for name, value in streams.items())
    object.__setattr__(tape, "channels", channels)
    worker = strategy(lambda book: [Quote("buy", 105.0, 2.0)] if book.position == 0 else [])
    journal = play(worker, tape, HAND, limits)
    last = worker.books[-1]
    assert (last.mark, last.index, last.funding_rate, last.position) == (105.5, 105.25, 0.001, 2.0)
    assert journal.attribution.funding == pytest.approx(-2.0 * 105.5 * 0.001)
    assert journal.marks["mid"][-1] == 105.5
    assert score(journal).pnl == pytest.approx(2.0 * 0.5 - 0.211)


def test_a_skewed_clock_moves_what_is_told_and_nothing_that_happens(strategy, maker, limits):
    hit = (11_002, TRADE | SELL, 105, 5)
    from_s, late_s = 1_011.0, 2.5
    channel = Channel("clock_skew", np.array([0, round(from_s * 1e9)]), np.array([0.0, late_s]))
    true, wrong = (strategy(lambda book: [Quote("buy", 105.0, 2.0)]) for _ in range(2))
    journals = [
        play(worker, maker.tape(hit, channels=channels), HAND, limits)
        for worker, channels in ((true, ()), (wrong, (channel,)))
    ]
    assert journals[0].digest == journals[1].digest
    assert len(true.fills) == 1
    times = [
        [heard if isinstance(heard, float) else heard.time for heard in told]
        for told in (true.told, wrong.told)
    ]
    for told_s, skewed_s in zip(*times, strict=True):
        assert skewed_s == (told_s + late_s if told_s >= from_s else told_s)


def test_the_same_tape_and_answers_give_the_same_digest_and_other_answers_another(
    strategy, market, limits, quoting
):
    tape = make(market.world, market.instrument, 20.0, 1)
    first, second = (play(strategy(quoting), tape, market, limits) for _ in range(2))
    other = play(strategy(lambda book: quoting(book)[:1]), tape, market, limits)
    assert first.digest == second.digest != other.digest
    assert first.digest.startswith("sha256:")
    assert (first.fills == second.fills).all()
    assert (first.marks == second.marks).all()


def test_a_strategy_that_does_nothing_has_marks_but_no_fills(strategy, market, limits):
    tape = make(market.world, market.instrument, 20.0, 1)
    scored = score(play(strategy(), tape, market, limits))
    assert (scored.pnl, scored.max_abs_position, scored.filled_volume, scored.markout_1s) == (
        0.0,
        0.0,
        0.0,
        None,
    )


def test_on_a_recorded_tape_fills_occur_and_the_money_adds_up(strategy, tapes, limits):
    tape, _ = ingest(tapes / "binance_spot_btcusdt_20240808.gz")

    def touch(book):
        quotes = [Quote("buy", book.bid, 0.01)] if book.position < 0.1 else []
        return quotes + ([Quote("sell", book.ask, 0.01)] if book.position > -0.1 else [])

    market = Market(tape.instrument, 10_000.0, 1e-4, 60.0, WorldSpec("book"))
    narrow = replace(limits, max_position=0.15)
    journal = play(strategy(touch), tape, market, narrow)
    parts = journal.attribution
    pnl = float(journal.marks["equity"][-1]) - journal.capital
    assert len(journal.fills) > 50
    assert {cause for _, cause in causes(journal)} <= {Cause.CIRCUMSTANCE}
    assert abs(pnl - (parts.spread + parts.inventory - parts.fees + parts.funding)) < 1e-9 * journal.capital
    assert score(journal).max_abs_position <= 0.15
