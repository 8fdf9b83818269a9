"""What the system before this one got wrong, so that it stays wrong nowhere.

One trap is tested where the part is: long 1 at 100, short 1 at 110, flat at 100 books 10 and then 10, in
tests/trading/test_account.py.  Beside it, in test_orders.py, an exchange tries to push a position past its
limit; what else a constitution refuses is in tests/rules/test_constitution.py.
"""

import math

import numpy as np
import pytest

from alphaloop.contract import Quote
from alphaloop.errors import BadConfiguration, Broken
from alphaloop.facts.constitution import Target
from alphaloop.facts.market import Instrument, Limits
from alphaloop.facts.metric import Layer, Metric
from alphaloop.facts.order import Cause
from alphaloop.market.metrics import health, record, returns
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.position import max_abs_position, position_share
from alphaloop.rules.constitution.roles import ACTING
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing

COARSE = Instrument("TEST", 1.0, 0.1, 0.0, 0.0)


@pytest.fixture
def engine() -> RiskEngine:
    limits = Limits(
        max_position=0.5,
        max_order_size=500.0,
        max_order_value=1e6,
        max_leverage=1e6,
        max_drawdown=0.5,
        price_collar_bps=500.0,
        max_quotes_per_side=3,
        max_messages_per_second=50.0,
        min_spread_bps=0.0,
        max_spread_bps=400.0,
    )
    return RiskEngine(limits, COARSE)


def test_a_pure_loser_has_a_drawdown(journal_of) -> None:
    """PnL 0, −50, −500 of a capital of 1,000: 500 below a start that was never passed."""
    journal = journal_of(marks=[(1, 0, 1000.0), (2, 0, 950.0), (3, 0, 500.0)])
    assert max_drawdown(journal) == pytest.approx(0.5)


def test_twenty_shrinking_losses_have_a_negative_sharpe() -> None:
    ratio = returns.sharpe(-100.0 * 0.8 ** np.arange(20))
    assert ratio is not None
    assert ratio < 0


def test_no_data_is_not_health_46() -> None:
    nothing = record([], (Target("pnl", ">", 0.0), Target("slippage", "<", 2.0)), 0)
    assert health(nothing) is None
    assert {metric.value for metric in nothing.metrics} == {None}


def test_a_position_of_183_against_a_limit_of_one_half_is_impossible(engine) -> None:
    """Asked for at once, in parts, and one by one while flat: what may be open never passes 0.5."""
    flat, held = (Standing(10**9, 100.0, 0, lots, 1e6, 0.0) for lots in (0, 5))
    assert engine.admit([Quote("buy", 99.0, 183.0)], flat) == []
    assert engine.admit([Quote("sell", 101.0, 183.0)], flat) == []
    assert {refusal.cause for refusal in engine.refusals} == {Cause.OWN}
    parts = engine.admit([Quote("buy", 99.0 - place, 0.3) for place in range(3)], flat)
    assert sum(want.lots for want in parts) <= 5
    (want,) = engine.admit([Quote("buy", 99.0, 0.5)], flat)
    assert engine.passes(want, flat, 0, None)
    assert not engine.passes(want, flat, 5, None)
    assert not engine.passes(want, held, 0, None)


def test_a_position_of_183_would_be_seen_as_366_times_the_limit(journal_of) -> None:
    journal = journal_of(marks=[(1, -1830, 1000.0), (2, 10, 1000.0)], max_position=0.5)
    assert max_abs_position(journal) == pytest.approx(183.0)
    assert position_share(journal) == pytest.approx(366.0)


@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_no_metric(journal_of, poison) -> None:
    with pytest.raises(ValueError, match="finite number or missing"):
        Metric("pnl", Layer.STRATEGY, poison, "quote")
    with pytest.raises(Broken, match="not a finite number"):
        record([journal_of(marks=[(1, 0, poison)])], (), 0)


@pytest.mark.parametrize(
    "quote",
    [
        Quote("buy", math.nan, 1.0),
        Quote("buy", 99.0, math.nan),
        Quote("buy", "99", 1.0),
        Quote("buy", 99.0, None),
        Quote("hold", 99.0, 1.0),
        Quote(None, 99.0, 1.0),
    ],
    ids=repr,
)
def test_nan_text_or_a_missing_field_of_a_quote_is_refused(engine, quote) -> None:
    assert engine.admit([quote], Standing(10**9, 100.0, 0, 0, 1e6, 0.0)) == []
    assert [refusal.cause for refusal in engine.refusals] == [Cause.OWN]


@pytest.mark.parametrize("said", ['"> .nan"', '"> ten"', '"> "', '""', "[]", '"> 1e999"'])
def test_nan_text_or_nothing_as_a_threshold_is_refused(said) -> None:
    from alphaloop.rules.constitution.roles import thresholds

    others = "".join(f'  {metric}: "> 1"\n' for metric in ACTING if metric != "slippage")
    rest = "humans: []\nescalate_after: 1\nseats: {}\ntargets: {}\n"
    with pytest.raises(BadConfiguration, match=r"^roles\.yaml:\d+: "):
        thresholds(f"{rest}thresholds:\n{others}  slippage: {said}\n".encode())
