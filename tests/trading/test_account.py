"""The account: exact where it can be, and an identity at every event."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Side
from alphaloop.trading.account import Account

FREE = Instrument("FREE", tick=1.0, lot=1.0, maker_bps=0.0, taker_bps=0.0)


@pytest.mark.parametrize("price", [math.nan, math.inf, 0.0, -1.0])
def test_a_mark_that_is_no_price_is_refused(price):
    with pytest.raises(Broken, match="marked to"):
        Account(FREE, 100.0).mark_to(price)


def test_a_funding_rate_that_is_no_number_is_refused():
    account = Account(FREE, 100.0)
    account.fill(Side.BUY, 100, 1, mid=100.0)
    with pytest.raises(Broken, match="equity became nan"):
        account.fund(math.nan, 100.0)


@pytest.mark.parametrize(("ticks", "lots"), [(100, 0), (100, -1), (0, 1), (-1, 1)])
def test_a_fill_of_nothing_is_refused(ticks, lots):
    with pytest.raises(Broken):
        Account(FREE, 100.0).fill(Side.BUY, ticks, lots, mid=100.0)


def test_a_flip_books_ten_and_then_ten():
    account = Account(FREE, 1_000.0)
    account.fill(Side.BUY, 100, 1, mid=100.0)
    account.fill(Side.SELL, 110, 2, mid=110.0)
    assert (account.position_lots, account.realised) == (-1, 10.0)
    account.fill(Side.BUY, 100, 1, mid=100.0)
    assert (account.position_lots, account.realised) == (0, 20.0)
    assert account.cash == account.equity == 1_020.0


def test_a_fill_in_three_parts_is_the_fill_in_one():
    parts, whole = Account(FREE, 1_000.0), Account(FREE, 1_000.0)
    for _ in range(3):
        parts.fill(Side.BUY, 100, 4, mid=101.0)
    whole.fill(Side.BUY, 100, 12, mid=101.0)
    assert parts.position_lots == whole.position_lots == 12
    assert parts.equity == whole.equity
    assert parts.attribution == whole.attribution


def test_a_pure_loser_has_a_drawdown():
    account = Account(FREE, 1_000.0)
    account.fill(Side.BUY, 100, 10, mid=100.0)
    for price in (100.0, 95.0, 50.0):
        account.mark_to(price)
    assert account.equity == 500.0
    assert account.max_drawdown == account.drawdown == 0.5


def test_a_drawdown_is_measured_from_the_highest_point_and_remembered():
    account = Account(FREE, 1_000.0)
    account.fill(Side.BUY, 100, 1, mid=100.0)
    for price in (200.0, 150.0, 190.0):
        account.mark_to(price)
    assert account.peak == 1_100.0
    assert account.max_drawdown == pytest.approx(0.05)
    assert account.drawdown == pytest.approx(0.01)


def test_longs_pay_a_positive_funding_rate_and_shorts_receive_it():
    for side, received in ((Side.BUY, -0.2), (Side.SELL, 0.2)):
        account = Account(FREE, 1_000.0)
        account.fill(side, 100, 20, mid=100.0)
        assert account.fund(0.0001, 100.0) == pytest.approx(received)
        assert account.equity == pytest.approx(1_000.0 + received)
        assert account.attribution.funding == pytest.approx(received)


def test_a_flat_account_pays_no_funding():
    assert Account(FREE, 1_000.0).fund(0.01, 100.0) == 0.0


def test_fees_are_charged_on_notional_and_a_rebate_is_paid():
    paying = Instrument("FEE", tick=0.01, lot=0.001, maker_bps=-1.0, taker_bps=5.0)
    account = Account(paying, 1_000.0)
    assert account.fill(Side.BUY, 10_000, 2_000, mid=100.0) == pytest.approx(-0.02)
    assert account.fill(Side.SELL, 10_000, 2_000, mid=100.0, maker=False) == pytest.approx(0.1)
    assert account.attribution.fees == pytest.approx(0.08)


def test_spread_is_what_the_mid_was_away_and_inventory_what_it_did_since():
    account = Account(FREE, 1_000.0)
    account.mark_to(100.0)
    account.fill(Side.BUY, 99, 2, mid=100.0)
    account.mark_to(97.0)
    assert account.attribution.spread == 2.0
    assert account.attribution.inventory == -6.0
    assert account.equity == 996.0


EVENTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("fill"),
            st.sampled_from(Side),
            st.integers(1_000, 20_000),
            st.integers(1, 10_000),
            st.floats(10.0, 200.0),
        ),
        st.tuples(st.just("mark"), st.floats(10.0, 200.0)),
        st.tuples(st.just("fund"), st.floats(-0.01, 0.01), st.floats(10.0, 200.0)),
    ),
    max_size=60,
)


@given(EVENTS)
def test_money_is_always_where_the_attribution_says(instrument_events):
    instrument = Instrument("TEST", tick=0.01, lot=0.001, maker_bps=2.0, taker_bps=5.0)
    capital = 10_000.0
    account = Account(instrument, capital)
    for name, *arguments in instrument_events:
        {"fill": account.fill, "mark": account.mark_to, "fund": account.fund}[name](*arguments)
        parts = account.attribution
        held = account.position * (account.mark or 0.0)
        explained = capital + parts.spread + parts.inventory - parts.fees + parts.funding
        assert abs(account.cash + held - explained) < 1e-9 * capital
        booked = capital + account.realised + account.unrealised - parts.fees + parts.funding
        assert abs(account.equity - booked) < 1e-9 * capital
