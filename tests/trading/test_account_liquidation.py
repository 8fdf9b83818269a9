"""When the venue takes the position away: the price, to the digit, and the moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.market import ASSUMED_MARGIN, Instrument
from alphaloop.facts.order import Side
from alphaloop.market.margin import maintenance
from alphaloop.trading.account import Account

PERPETUAL = Instrument("PERP", tick=0.01, lot=0.001, maker_bps=2.0, taker_bps=5.0, maintenance_margin=0.01)
FREE = Instrument("FREE", tick=1.0, lot=1.0, maker_bps=0.0, taker_bps=0.0, maintenance_margin=0.01)


@pytest.mark.parametrize("rate", [-0.001, 1.0, 2.0, float("nan"), float("inf")])
def test_a_margin_that_is_no_share_is_refused(rate):
    with pytest.raises(ValueError, match="maintenance_margin"):
        Instrument("X", 1.0, 1.0, 0.0, 0.0, maintenance_margin=rate)


def test_without_a_word_the_margin_is_the_assumed_one():
    assert Instrument("X", 1.0, 1.0, 0.0, 0.0).maintenance_margin == ASSUMED_MARGIN == 0.005


def test_a_long_is_liquidated_below():
    """Long 20 at 100 with 1,000: cash −1,000; −1,000 + 20 p = 0.2 p at p = 1,000 / 19.8 = 50.5051."""
    account = Account(FREE, 1_000.0)
    account.fill(Side.BUY, 100, 20, mid=100.0)
    assert account.liquidation_price == pytest.approx(50.505051, abs=1e-6)
    account.mark_to(50.6)
    assert not account.liquidated
    account.mark_to(50.5)
    assert account.liquidated


def test_a_short_is_liquidated_above():
    """Short 20 at 100 with 1,000: cash 3,000; 3,000 − 20 p = 0.2 p at p = 3,000 / 20.2 = 148.5149."""
    account = Account(FREE, 1_000.0)
    account.fill(Side.SELL, 100, 20, mid=100.0)
    assert account.liquidation_price == pytest.approx(148.514851, abs=1e-6)
    account.mark_to(148.5)
    assert not account.liquidated
    account.mark_to(148.6)
    assert account.liquidated


def test_a_flip_moves_the_price_to_the_other_side():
    """Long 20 at 100, sold 40 at 110: short 20, cash 1,000 − 2,000 + 4,400 = 3,400 / 20.2 = 168.3168."""
    account = Account(FREE, 1_000.0)
    account.fill(Side.BUY, 100, 20, mid=100.0)
    account.fill(Side.SELL, 110, 40, mid=110.0)
    assert account.liquidation_price == pytest.approx(168.316832, abs=1e-6)


def test_fees_and_funding_bring_it_nearer():
    """Long 20 at 100 with 1,000: fee 2,000 · 2 bps = 0.4, funding 2,000 · 0.001 = 2: cash −1,002.4.

    1,002.4 / 19.8 = 50.626263, against 50.505051 without.
    """
    account = Account(PERPETUAL, 1_000.0)
    account.fill(Side.BUY, 10_000, 20_000, mid=100.0)
    account.fund(0.001, 100.0)
    assert account.cash == pytest.approx(-1_002.4)
    assert account.liquidation_price == pytest.approx(50.626263, abs=1e-6)


def test_who_holds_nothing_or_borrowed_nothing_is_never_liquidated():
    account = Account(FREE, 1_000.0)
    assert (account.liquidation_price, account.liquidated) == (None, False)
    account.fill(Side.BUY, 100, 10, mid=100.0)
    account.mark_to(0.01)
    assert (account.liquidation_price, account.liquidated) == (None, False)


def test_a_short_without_cash_is_liquidated_at_every_price():
    """Short 10 at 100 with 1: bought back 9 at 300: cash 1 + 1,000 − 2,700 = −1,699, still short 1."""
    account = Account(FREE, 1.0)
    account.fill(Side.SELL, 100, 10, mid=100.0)
    account.fill(Side.BUY, 300, 9, mid=300.0)
    account.mark_to(1.0)
    assert (account.liquidation_price, account.liquidated) == (None, True)


@given(
    st.sampled_from(Side),
    st.integers(1_000, 20_000),
    st.integers(1, 100_000),
    st.floats(1.0, 1e4),
    st.floats(1.0, 400.0),
)
def test_it_is_liquidated_just_when_the_mark_has_passed_the_price(side, ticks, lots, capital, mark):
    account = Account(PERPETUAL, capital)
    account.fill(side, ticks, lots, mid=ticks * 0.01)
    account.mark_to(mark)
    price = account.liquidation_price
    if price is None:
        assert account.liquidated is (side is Side.SELL)
    elif abs(mark - price) > 1e-6 * price:
        assert account.liquidated is (side * (mark - price) < 0)
    if account.liquidated:
        assert account.equity <= maintenance(account.position, mark, 0.01)
