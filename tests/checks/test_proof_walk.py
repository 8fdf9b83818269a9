"""What a search may think up is what the platform can send, and nothing else."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop.checks.numbers_of import MOST, numbers_of
from alphaloop.checks.proof.generation import histories
from alphaloop.checks.proof.reach import Reach, reach_of
from alphaloop.checks.proof.walk import Walk
from alphaloop.checks.static.reading import read
from alphaloop.checks.subject import Subject
from alphaloop.contract import Book, Fill, Quote, Trade
from alphaloop.facts.history import Move
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.simulation.venue import Venue

LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
SECOND_NS = 1_000_000_000
REACH = Reach(
    instrument=Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0),
    limits=LIMITS,
    capital=1_000.0,
    first_ns=110 * SECOND_NS,
    start_ticks=10_000,
    low_ticks=8_000,
    high_ticks=12_500,
    widest_ticks=200,
    sway=0.0025,
    most_lots=5_000_000,
    streams=False,
)
CALM = Move(wait_ms=100, bid_ticks=9_999, spread_ticks=2, bid_lots=1_000, ask_lots=2_000)
BOTH = [Quote("buy", 99.9, 1.0), Quote("sell", 100.1, 1.0)]


def held(source):
    return numbers_of(read(Subject("strategy.py", source.encode(), None, LIMITS)))


def test_the_numbers_of_a_file_are_its_literals_with_their_signs_what_they_make_and_no_truths():
    """1 / 8 stands there as 1, as 8 and as 0.125; 1e999 is infinite."""
    assert held("a = -7.5\nb = (3, 0.25, True)\nc = 'x' + '9'") == (-7.5, 0.25, 3.0, 7.5)
    assert held("a = 1 / 8") == (0.125, 1.0, 8.0)
    assert held("a = 1e999") == held("") == ()
    assert len(held(f"a = {list(range(5 * MOST))}")) == MOST


def test_what_only_a_search_reads_is_no_number_of_the_file():
    bounds = "BOUNDS = {'half': (0.5, 200.0)}\na = 3"
    assert held(bounds) == (3.0,)
    assert held(f"{bounds}\nb = BOUNDS") == (0.5, 3.0, 200.0)


def test_a_book_tells_ticks_lots_and_the_mid_between_them():
    walk = Walk(REACH)
    told = list(walk.told(CALM))
    # Nine seconds of warm-up have passed before the first answer at 110.1 s, and the tenth at 110 s.
    assert told == [101.0, 102.0, 103.0, 104.0, 105.0, 106.0, 107.0, 108.0, 109.0, 110.0]
    book = walk.book(CALM)
    assert (book.bid, book.ask, book.mid) == pytest.approx((99.99, 100.01, 100.0))
    assert (book.bid_size, book.ask_size, book.position) == (1.0, 2.0, 0.0)
    assert book.time == pytest.approx(110.1)
    assert book.mark is book.index is book.funding_rate is None


def test_volatility_follows_from_the_mids_of_whole_seconds():
    walk = Walk(REACH)
    list(walk.told(CALM))
    walk.book(CALM)
    moved = replace(CALM, bid_ticks=10_024, wait_ms=100)
    list(walk.told(moved))
    walk.book(moved)
    for _ in range(7):
        list(walk.told(moved))
        assert walk.book(moved).volatility == 0.0, "no whole second yet"
    # At 111 s the mid is 0.25 above that of 110.1 s: one change of 0.25 among eleven, each worth 2^(-1/60) of
    # the next.  Σ_{k=0}^{10} 2^(-k/60) = 10.39; √(0.0625 / 10.39) = 0.0776.
    list(walk.told(moved))
    assert walk.book(moved).volatility == pytest.approx(0.0776, abs=5e-5)


def test_a_position_is_the_sum_of_the_fills_that_were_told():
    walk = Walk(REACH)
    list(walk.told(CALM))
    walk.book(CALM)
    assert walk.answer(BOTH, CALM) is None
    sold = replace(CALM, target_lots=-400)
    assert [one for one in walk.told(sold) if isinstance(one, Fill)] == [
        Fill("sell", pytest.approx(100.1), 0.4, pytest.approx(110.1))
    ]
    assert walk.book(sold).position == pytest.approx(-0.4)


def test_no_fill_is_larger_than_what_rests():
    walk = Walk(REACH)
    list(walk.told(CALM))
    walk.book(CALM)
    walk.answer(BOTH, CALM)
    list(walk.told(replace(CALM, target_lots=10_000)))
    assert walk.account.position_lots == 1_000


def test_a_quote_that_would_cross_the_touch_never_rests_and_is_no_offence():
    walk = Walk(REACH)
    list(walk.told(CALM))
    walk.book(CALM)
    assert walk.answer([Quote("buy", 100.02, 1.0)], CALM) is None
    assert walk.open == []


def test_orders_are_taken_back_while_no_book_is_seen():
    walk = Walk(REACH)
    list(walk.told(CALM))
    walk.book(CALM)
    walk.answer(BOTH, CALM)
    list(walk.told(replace(CALM, silent_s=5)))
    assert walk.open == []


def test_a_silence_does_not_forget_how_wild_it_was():
    walk = Walk(REACH)
    wild = replace(CALM, volatility=0.4)
    list(walk.told(wild))
    assert walk.book(wild).volatility == 0.4
    least = walk.volatility_after(60)
    after = replace(CALM, silent_s=60, volatility=0.0)
    list(walk.told(after))
    # Ten seconds weigh 9.49, so 0.4² × 9.49 / 2 = 0.759 is left; they and the sixty since then weigh
    # 9.49 / 2 + 43.53 = 48.3: √(0.759 / 48.3) = 0.125.
    assert walk.book(after).volatility == pytest.approx(least) == pytest.approx(0.125, abs=1e-3)


def test_the_verdict_on_a_quote_is_the_risk_engines():
    for quotes, rule in (
        ([Quote("buy", 99.9, 5.001)], "order_size"),
        ([Quote("buy", 94.0, 1.0)], "collar"),
        ([Quote("buy", 99.9, float("nan"))], "number"),
        ([Quote("buy", 99.9, 1.0), Quote("sell", 99.8, 1.0)], "self_cross"),
        ([Quote("buy", 99.9 - step / 100, 4.0) for step in range(3)], "position"),
        # Half a basis point of 100 is 0.005.
        ([Quote("buy", 99.9, 1.0), Quote("sell", 99.904, 1.0)], "spread"),
    ):
        walk = Walk(REACH)
        list(walk.told(CALM))
        walk.book(CALM)
        assert walk.answer(quotes, CALM).rule == rule


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(REACH, (3.0, -7.5, 9.999, 0.37)), size=st.sampled_from((0.4, 1.0, 5.0)))
def test_a_generated_history_never_leaves_what_the_platform_can_send(history, size):
    """Time rises, sizes are positive, prices keep to the level, and no position passes the limit."""
    assert REACH.holds(history)
    walk = Walk(REACH)
    times = []
    for move in history:
        told = list(walk.told(move))
        book = walk.book(move)
        if walk.over:
            break
        times += [one if isinstance(one, float) else one.time for one in told]
        assert all(one.size > 0 and one.price > 0 for one in told if isinstance(one, Trade | Fill))
        assert book.bid < book.mid < book.ask
        assert 0 <= book.volatility <= REACH.most_volatility(REACH.high_ticks)
        assert abs(book.position) <= LIMITS.max_position + 1e-9
        walk.answer(_sensible(book, size), move)
    assert all(before <= after for before, after in pairwise(times))


def _sensible(book: Book, size: float) -> list[Quote]:
    quotes = []
    if book.position + size <= 10.0:
        quotes.append(Quote("buy", book.bid - 0.02, size))
    if book.position - size >= -10.0:
        quotes.append(Quote("sell", book.ask + 0.02, size))
    return quotes


@pytest.mark.parametrize(
    "wrong",
    [
        {"bid_ticks": 0},
        {"bid_ticks": 1 << 61},
        {"spread_ticks": 0},
        {"spread_ticks": 201},
        {"bid_lots": 0},
        {"ask_lots": -5},
        {"trades": (0,)},
        {"trades": (1, 1, 1, 1)},
        {"silent_s": -1},
        {"silent_s": 10_000},
        {"wait_ms": -100},
        {"volatility": float("nan")},
        {"volatility": 9.0},
    ],
)
def test_a_claim_beyond_reach_is_none(wrong):
    assert REACH.holds((CALM,))
    assert not REACH.holds((CALM, replace(CALM, **wrong)))


def test_a_price_that_leaves_its_level_is_beyond_reach():
    assert not REACH.holds((CALM, replace(CALM, bid_ticks=10_500)))
    assert not REACH.holds((CALM,) * 1_000)


def test_reach_is_taken_from_the_markets_own_tape_and_limits():
    market = Market(REACH.instrument, 1_000.0, 0.01, 30.0, WorldSpec("book"), ())
    reach = reach_of(Venue(market, LIMITS, "lockdown"), b"a file")
    assert reach == reach_of(Venue(market, LIMITS, "lockdown"), b"a file")
    assert abs(reach.start_ticks - 10_000) < 50
    tight = replace(LIMITS, max_order_value=550.0)
    # 0.95 × 550 / 5 = 104.5: dearer, and an order of MAX_ORDER_SIZE would be worth too much.
    assert reach_of(Venue(market, tight, "lockdown"), b"a file").high_ticks == 10_450


def test_a_volatility_that_no_market_leaves_is_out_of_reach():
    move = Move(wait_ms=100, bid_ticks=REACH.start_ticks, spread_ticks=1, bid_lots=1, ask_lots=1, silent_s=1)
    assert REACH.holds((replace(move, volatility=0.0),))
    assert REACH.holds((replace(move, volatility=REACH.least_volatility),))
    assert not REACH.holds((replace(move, volatility=1e-300),))
    # Half a tick of 0.01, ten half-lives old: 0.005 × √(0.01149 × 2⁻¹⁰).
    assert REACH.least_volatility == pytest.approx(1.675e-5, rel=1e-3)
