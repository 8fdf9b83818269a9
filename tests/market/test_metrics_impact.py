"""The square-root law: its fit and its mean, and nothing where nobody worked a large order."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.market.metrics.impact import Parent, fitted, impact


def _parent(side: int = 1, *, size: float = 1.0, cost_bps: float = 5.0, sigma: float = 1.0) -> Parent:
    """Decided at 100, in a market that traded 100 times the size of 1."""
    return Parent(side, size, 100.0, 100.0 * (1 + side * cost_bps / 1e4), sigma, 100.0)


def test_impact_by_hand() -> None:
    """Five orders of 1 in 100 at a cost of 5 bps, five of 4 in 100 at 13.

    σ = 1 at 100 is 100 bps, so x is 100 √0.01 = 10 bps and 100 √0.04 = 20 bps.
    Y = (5 · 10 · 5 + 5 · 20 · 13) / (5 · 100 + 5 · 400) = 1,550 / 2,500 = 0.62; size-weighted mean of x:
    (5 · 1 · 10 + 5 · 4 · 20) / 25 = 18, so 11.16 bps.  Left over: 5 − 6.2 = −1.2 and 13 − 12.4 = 0.6; error
    √((5 · 1.44 + 5 · 0.36) / 9 / 2,500) = √(1 / 2,500) = 0.02.
    """
    parents = [_parent()] * 5 + [_parent(size=4.0, cost_bps=13.0)] * 5
    fit = fitted(parents)
    assert fit is not None
    assert (fit.y, fit.error, fit.parents) == (pytest.approx(0.62), pytest.approx(0.02), 10)
    assert impact(parents) == pytest.approx(11.16)


def test_a_sell_that_moves_the_price_down_costs_as_a_buy_does() -> None:
    assert impact([_parent(1), _parent(-1)] * 5) == pytest.approx(5.0)


def test_few_parent_orders_fit_nothing() -> None:
    assert fitted([]) is None
    assert impact([]) is None
    assert impact([_parent()] * 9) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": 0},
        {"size": 0.0},
        {"volume": math.nan},
        {"sigma": math.inf},
        {"arrival": -1.0},
        {"price": 0.0},
    ],
)
def test_a_parent_order_of_nothing_is_refused(wrong) -> None:
    right = {"side": 1, "size": 1.0, "arrival": 100.0, "price": 100.0, "sigma": 1.0, "volume": 9.0}
    with pytest.raises(ValueError, match="parent order"):
        Parent(**(right | wrong))


@given(st.floats(0.1, 2.0), st.lists(st.floats(0.01, 50.0), min_size=10, max_size=30))
def test_the_fit_finds_the_law_that_made_the_costs(y, sizes) -> None:
    parents = [_parent(size=size, cost_bps=y * 100 * math.sqrt(size / 100)) for size in sizes]
    fit = fitted(parents)
    assert fit is not None
    assert fit.y == pytest.approx(y, rel=1e-6)
    assert fit.error == pytest.approx(0.0, abs=1e-6)
