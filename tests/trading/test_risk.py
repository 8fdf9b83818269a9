"""The outer risk engine refuses, says why, and never repairs."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.contract import Quote
from alphaloop.errors import BadConfiguration
from alphaloop.facts.order import Cause, Side
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing
from alphaloop.trading.want import Want


def well(**worse):
    """A moment at which all is well but for what a test makes worse."""
    numbers = {"mid": 100.0, "equity": 10_000.0, "drawdown": 0.0}
    counts = {"time_ns": 0, "age_ns": 0, "position_lots": 0}
    return Standing(**(numbers | counts | worse))


WELL = well()
BID, ASK = Quote("buy", 99.0, 1.0), Quote("sell", 101.0, 1.0)


class Lying(float):
    """A number that agrees with everything."""

    def __le__(self, other):
        return True

    def __lt__(self, other):
        return True


@pytest.fixture
def engine(limits, instrument):
    return RiskEngine(limits, instrument)


def refusals(engine):
    return [(refusal.rule, refusal.cause) for refusal in engine.refusals]


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        (Quote("buy", math.nan, 1.0), "number"),
        (Quote("buy", math.inf, 1.0), "number"),
        (Quote("buy", 99.0, math.nan), "number"),
        (Quote("buy", -99.0, 1.0), "number"),
        (Quote("buy", 0.0, 1.0), "number"),
        (Quote("buy", 0, 0), "number"),
        (Quote("buy", 99.0, -1.0), "number"),
        (Quote("buy", "99", 1.0), "number"),
        (Quote("buy", 99.0, None), "number"),
        (Quote("buy", True, 1.0), "number"),
        (Quote("buy", 10**400, 1.0), "number"),
        (Quote("buy", Lying(99.0), 1.0), "number"),
        (Quote("Buy", 99.0, 1.0), "side"),
        (Quote(1, 99.0, 1.0), "side"),
        ("buy", "number"),
        (None, "number"),
        (Quote("buy", 94.0, 1.0), "collar"),
        (Quote("sell", 106.0, 1.0), "collar"),
        (Quote("buy", 0.001, 1.0), "collar"),
        (Quote("buy", 99.0, 3.001), "order_size"),
        (Quote("buy", 99.0, 2.6), "order_value"),
    ],
)
def test_a_bad_quote_is_refused_by_its_rule_as_the_strategys_own(engine, quote, rule):
    assert engine.admit([quote], WELL) == []
    assert refusals(engine) == [(rule, Cause.OWN)]


def test_good_quotes_pass_rounded_away_from_the_market(engine):
    wants = engine.admit([Quote("buy", 99.009, 1.0019), Quote("sell", 101.001, 0.5)], WELL)
    assert wants == [Want(Side.BUY, 9_900, 1_001), Want(Side.SELL, 10_101, 500)]
    assert refusals(engine) == []


def test_prices_and_sizes_that_floats_spoil_by_a_hair_are_not_moved(engine):
    wants = engine.admit([Quote("buy", 0.1 * 3 * 330, 0.1 * 3), Quote("sell", 101.0000000001, 1.0)], WELL)
    assert wants == [Want(Side.BUY, 9_900, 300), Want(Side.SELL, 10_100, 1_000)]


def test_a_size_below_one_lot_is_no_order_and_no_offence(engine):
    assert engine.admit([Quote("buy", 99.0, 0.0004)], WELL) == []
    assert refusals(engine) == []


@pytest.mark.parametrize("size", [0.0, 0, -0.0])
def test_a_size_of_nothing_is_a_quote_that_is_not_wanted(engine, size):
    assert engine.admit([Quote("buy", 99.0, size), ASK], WELL) == [Want(Side.SELL, 10_100, 1_000)]
    assert refusals(engine) == []


@pytest.mark.parametrize(
    ("bid", "ask", "rule"),
    # The desk quotes between 1 and 400 bps of a mid of 100: a cent to four.
    [
        (99.996, 100.0059, ("spread", Cause.OWN)),
        (99.995, 100.005, None),
        (98.0, 102.0, None),
        (98.0, 102.001, ("wide", Cause.CIRCUMSTANCE)),
    ],
)
def test_an_answer_is_as_wide_as_the_desk_quotes(limits, instrument, bid, ask, rule):
    engine = RiskEngine(replace(limits, min_spread_bps=1.0), instrument)
    wants = engine.admit([Quote("buy", bid, 1.0), Quote("sell", ask, 1.0)], WELL)
    assert len(wants) == (0 if rule else 2)
    assert refusals(engine) == ([rule, rule] if rule else [])


def test_a_ladder_is_as_wide_as_its_nearest_levels_whatever_their_order(limits, instrument):
    engine = RiskEngine(replace(limits, min_spread_bps=1.0), instrument)
    outer = [Quote("buy", 97.0, 1.0), Quote("sell", 103.0, 1.0)]
    assert len(engine.admit([*outer, BID, ASK], WELL)) == 4
    assert engine.admit([*outer, Quote("buy", 99.999, 1.0), Quote("sell", 100.0, 1.0)], WELL) == []
    assert refusals(engine) == [("spread", Cause.OWN)] * 4


def test_one_side_alone_has_no_spread(limits, instrument):
    engine = RiskEngine(replace(limits, min_spread_bps=1.0), instrument)
    assert len(engine.admit([Quote("buy", 99.999, 1.0)], WELL)) == 1


def test_a_fourth_quote_on_a_side_is_refused(engine):
    quotes = [Quote("buy", 99.0 - step, 0.1) for step in range(4)]
    assert len(engine.admit([*quotes, ASK], WELL)) == 4
    assert refusals(engine) == [("quotes_per_side", Cause.OWN)]


def test_the_same_side_and_price_twice_is_refused(engine):
    assert len(engine.admit([BID, BID, ASK], WELL)) == 2
    assert refusals(engine) == [("duplicate", Cause.OWN)]


@pytest.mark.parametrize("price", [99.0, 98.5])
def test_a_quote_that_meets_another_of_the_same_answer_is_refused(engine, price):
    assert len(engine.admit([BID, Quote("sell", price, 1.0)], WELL)) == 1
    assert refusals(engine) == [("self_cross", Cause.OWN)]


def test_quotes_that_together_pass_the_position_limit_are_refused(engine):
    standing = well(position_lots=8_000)
    wants = engine.admit(
        [Quote("buy", 99.0, 1.5), Quote("buy", 98.0, 1.0), Quote("sell", 101.0, 2.0)], standing
    )
    assert [want.side for want in wants] == [Side.BUY, Side.SELL]
    assert refusals(engine) == [("position", Cause.OWN)]


def test_the_limit_itself_may_be_reached(engine):
    wants = engine.admit([Quote("buy", 99.0, 2.0)], well(position_lots=8_000))
    assert wants == [Want(Side.BUY, 9_900, 2_000)]


def test_a_position_beyond_the_limit_may_only_come_back(engine):
    standing = well(position_lots=-12_000, equity=1e9)
    wants = engine.admit([Quote("buy", 99.0, 1.0), Quote("sell", 101.0, 1.0)], standing)
    assert wants == [Want(Side.BUY, 9_900, 1_000)]
    assert refusals(engine) == [("position", Cause.OWN)]


@pytest.mark.parametrize("mid", [None, math.nan, 0.0, -1.0, math.inf])
def test_without_a_mid_everything_is_refused(engine, mid):
    assert engine.admit([BID, ASK], well(mid=mid)) == []
    assert refusals(engine) == [("no_mid", Cause.CIRCUMSTANCE)] * 2


@pytest.mark.parametrize("age_ns", [2_000_000_001, -1])
def test_old_data_refuse_everything(engine, age_ns):
    assert engine.admit([BID], well(age_ns=age_ns)) == []
    assert refusals(engine) == [("stale_data", Cause.CIRCUMSTANCE)]


def test_the_emergency_stop_refuses_everything(engine):
    engine.stopped = True
    assert engine.admit([BID], WELL) == []
    assert not engine.passes(Want(Side.BUY, 9_900, 1), WELL, 0, None)
    assert refusals(engine) == [("emergency_stop", Cause.CIRCUMSTANCE)] * 2


def test_a_bad_quote_at_a_bad_moment_is_still_the_strategys_own(engine):
    engine.admit([Quote("buy", math.nan, 1.0)], well(mid=None))
    assert refusals(engine) == [("number", Cause.OWN)]


@pytest.mark.parametrize("equity", [100.0, 0.0, -1.0, math.nan])
def test_too_little_equity_for_the_worst_case_refuses_what_adds(engine, equity):
    standing = well(position_lots=5_000, equity=equity)
    assert not engine.passes(Want(Side.BUY, 9_900, 1), standing, 0, None)
    assert refusals(engine) == [("leverage", Cause.CIRCUMSTANCE)]


def test_what_brings_the_position_back_is_never_refused_for_leverage(engine):
    assert engine.passes(Want(Side.SELL, 10_100, 2_000), well(position_lots=2_000, equity=1.0), 0, None)


def test_lots_that_are_still_open_count_into_the_worst_case(engine):
    standing = well(position_lots=8_000)
    assert engine.passes(Want(Side.BUY, 9_900, 1_000), standing, 1_000, None)
    assert not engine.passes(Want(Side.BUY, 9_900, 1_000), standing, 1_001, None)
    assert refusals(engine) == [("open_position", Cause.CIRCUMSTANCE)]


def test_an_order_that_would_meet_an_own_one_is_refused(engine):
    assert engine.passes(Want(Side.SELL, 9_901, 1), WELL, 0, 9_900)
    assert not engine.passes(Want(Side.SELL, 9_900, 1), WELL, 0, 9_900)
    assert not engine.passes(Want(Side.BUY, 9_900, 1), WELL, 0, 9_900)
    assert refusals(engine) == [("open_cross", Cause.CIRCUMSTANCE)] * 2


def test_the_fifty_first_message_of_a_second_is_refused_and_the_next_second_is_free(engine):
    want = Want(Side.BUY, 9_900, 1)
    for _ in range(50):
        assert engine.passes(want, WELL, 0, None)
        engine.sent(0)
    assert not engine.passes(want, well(time_ns=999_999_999), 0, None)
    assert engine.passes(want, well(time_ns=1_000_000_000), 0, None)
    assert refusals(engine) == [("message_rate", Cause.CIRCUMSTANCE)]


def test_limits_are_rounded_so_that_none_grows(limits, instrument):
    bounds = RiskEngine(replace(limits, max_position=1.0009, max_order_size=0.3), instrument).bounds
    assert (bounds.position_lots, bounds.order_lots) == (1_000, 300)


def test_a_fallen_account_quotes_no_more_not_even_to_come_back(engine):
    fallen = well(position_lots=5_000, drawdown=0.2001)
    assert engine.admit([ASK], fallen) == []
    assert not engine.passes(Want(Side.SELL, 10_100, 1), fallen, 0, None)
    assert refusals(engine) == [("drawdown", Cause.CIRCUMSTANCE)] * 2
    assert engine.admit([ASK], well(drawdown=0.2))


def test_a_drawdown_that_is_no_number_is_a_fall(engine):
    assert engine.admit([ASK], well(drawdown=math.nan)) == []


def test_an_order_that_goes_late_is_held_against_the_mid_of_its_moment(engine):
    """Admitted at 99 beside a mid of 100, sent when the mid is 94: 532 bps away, and 500 are allowed."""
    (want,) = engine.admit([BID], WELL)
    assert not engine.passes(want, well(mid=94.0), 0, None)
    assert refusals(engine) == [("collar", Cause.CIRCUMSTANCE)]


@pytest.mark.parametrize(
    ("want", "rule"),
    [
        (Want(Side.BUY, 9_900, 3_001), "order_size"),
        (Want(Side.BUY, 9_900, 2_600), "order_value"),
        (Want(Side.BUY, 0, 1), "collar"),
        (Want(Side.BUY, 9_900, 0), "number"),
        (Want(Side.SELL, 10_100, -5), "number"),
    ],
)
def test_an_order_that_nobody_admitted_is_refused_when_it_goes(engine, want, rule):
    assert not engine.passes(want, WELL, 0, None)
    assert refusals(engine) == [(rule, Cause.CIRCUMSTANCE)]


def test_a_price_that_rounds_to_nothing_is_refused(engine):
    """At a mid of one tick a price of 0.4 ticks is within any collar, and rounds down to 0."""
    assert engine.admit([Quote("buy", 0.004, 1.0)], well(mid=0.01)) == []
    assert refusals(engine) == [("number", Cause.OWN)]


def test_a_mid_below_half_a_tick_is_no_mid(engine):
    """There a collar in basis points overflows, and everything would be within it."""
    assert engine.admit([BID], well(mid=5e-324)) == []
    assert refusals(engine) == [("no_mid", Cause.CIRCUMSTANCE)]


def test_equity_without_end_carries_nothing(engine):
    assert not engine.passes(Want(Side.BUY, 9_900, 1), well(equity=math.inf), 0, None)
    assert refusals(engine) == [("leverage", Cause.CIRCUMSTANCE)]


@pytest.mark.parametrize("sign", [1, -1])
def test_the_worst_case_counts_the_open_orders_of_each_side_alone(engine, sign):
    """8,000 held and 1,500 open towards the limit of 10,000 leave 500; the way back has 18,000."""
    side, back = (Side.BUY, Side.SELL) if sign > 0 else (Side.SELL, Side.BUY)
    standing = well(position_lots=8_000 * sign)
    assert engine.passes(Want(side, 10_000, 500), standing, 1_500, None)
    assert not engine.passes(Want(side, 10_000, 501), standing, 1_500, None)
    assert engine.passes(Want(back, 10_000, 2_000), standing, 16_000, None)
    assert not engine.passes(Want(back, 10_000, 2_000), standing, 16_001, None)


def test_sixty_four_quotes_a_side_leave_three(engine):
    quotes = [Quote("buy", 99.0 - place / 100, 0.1) for place in range(64)]
    assert len(engine.admit(quotes, WELL)) == 3
    assert refusals(engine) == [("quotes_per_side", Cause.OWN)] * 61


def test_limits_that_no_lot_can_count_are_the_maintainers_mistake(limits, instrument):
    with pytest.raises(BadConfiguration, match="tick and lot"):
        RiskEngine(limits, replace(instrument, lot=5e-324))
    with pytest.raises(BadConfiguration, match="tick and lot"):
        RiskEngine(replace(limits, max_order_value=1e308), instrument)


ANYTHING = st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=3), st.booleans())


@given(
    st.lists(st.builds(Quote, st.sampled_from(["buy", "sell", "", None, 1]), ANYTHING, ANYTHING), max_size=8)
)
def test_whatever_is_answered_nothing_passes_that_breaks_a_limit(limits, instrument, quotes):
    engine = RiskEngine(limits, instrument)
    for want in engine.admit(quotes, WELL):
        assert 0 < want.lots <= 3_000
        assert abs(want.ticks - 10_000) <= 501
        assert want.ticks * want.lots <= 25_000_000
