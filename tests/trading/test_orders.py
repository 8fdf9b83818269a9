"""Orders with a life, against an exchange that plays against us."""

import pytest

from alphaloop.contract import Quote
from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.trading.account import Account
from alphaloop.trading.orders import Orders
from alphaloop.trading.plan import Stage
from alphaloop.trading.risk.engine import RiskEngine
from alphaloop.trading.risk.standing import Standing
from alphaloop.trading.want import Want

STEPS = 12_000


def report(order, event, lots=5):
    return Report(order, event, Side.BUY, 99, lots, 0, 0)


@pytest.fixture
def orders(adversary):
    made = Orders(adversary(0))
    made.want([Want(Side.BUY, 99, 5)])
    made.work(lambda want: True, lambda verb, order: None)
    return made


def test_a_report_of_an_order_that_nobody_sent_is_the_platforms_failure(orders):
    with pytest.raises(Broken, match="not open here"):
        orders.hear(report(7, Event.FILLED))


@pytest.mark.parametrize("lots", [0, -1, 6])
def test_a_fill_of_more_than_is_open_is_the_platforms_failure(orders, lots):
    with pytest.raises(Broken, match="lots open"):
        orders.hear(report(1, Event.FILLED, lots))


def test_open_lots_shrink_with_each_partial_fill(orders):
    orders.hear(report(1, Event.ACCEPTED))
    orders.hear(report(1, Event.FILLED, 2))
    assert orders.open_lots(Side.BUY) == 3
    orders.hear(report(1, Event.FILLED, 3))
    assert orders.open_lots(Side.BUY) == 0
    assert not orders.open


def test_a_rejected_order_is_not_sent_again_until_it_is_wanted_again(orders):
    orders.hear(report(1, Event.REJECTED))
    orders.work(lambda want: True, lambda verb, order: None)
    assert orders.submitted == 1
    orders.want([Want(Side.BUY, 99, 5)])
    orders.work(lambda want: True, lambda verb, order: None)
    assert orders.submitted == 2


def test_a_lost_cancel_is_sent_again(orders):
    sent = []
    orders.hear(report(1, Event.ACCEPTED))
    orders.want([])
    orders.work(lambda want: True, lambda verb, order: sent.append(verb))
    orders.work(lambda want: True, lambda verb, order: sent.append(verb))
    orders.hear(report(1, Event.ACCEPTED))
    assert orders.open[1].stage is Stage.RESTING
    orders.work(lambda want: True, lambda verb, order: sent.append(verb))
    assert sent == ["cancel", "cancel"]


def test_a_refused_order_is_tried_again_when_there_is_room(orders):
    orders.want([Want(Side.BUY, 99, 5), Want(Side.SELL, 101, 5)])
    orders.work(lambda want: False, lambda verb, order: None)
    assert orders.submitted == 1
    orders.work(lambda want: True, lambda verb, order: None)
    assert orders.submitted == 2


def greedy(chance, position_lots):
    """What a reckless strategy asks for: too much, at random, always."""
    return [
        Quote(
            chance.choice(("buy", "sell")),
            100.0 + chance.randint(-100, 100) / 100,
            chance.choice((0.5, 1, 2.0, 2.4)),
        )
        for _ in range(chance.randint(0, 6))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_position_never_passes_the_limit_whatever_strategy_and_exchange_do(
    adversary, limits, instrument, seed
):
    exchange = adversary(seed)
    account = Account(instrument, 1e9)
    risk = RiskEngine(limits, instrument)
    orders = Orders(exchange)
    furthest = 0

    def passes(want):
        opposite = Side.SELL if want.side is Side.BUY else Side.BUY
        return risk.passes(want, standing, orders.open_lots(want.side), orders.nearest(opposite))

    for step in range(STEPS // 3):
        exchange.advance(step * 100_000_000)
        for heard in exchange.reports():
            orders.hear(heard)
            if heard.event is Event.FILLED:
                account.fill(heard.side, heard.ticks, heard.lots, mid=100.0)
        standing = Standing(exchange.now_ns, 100.0, 0, account.position_lots, account.equity)
        orders.want(risk.admit(greedy(exchange.chance, account.position_lots), standing))
        orders.work(passes, lambda verb, order: risk.sent(exchange.now_ns))
        true_position = account.position_lots + sum(
            heard.side * heard.lots for heard in exchange.heard if heard.event is Event.FILLED
        )
        furthest = max(furthest, abs(account.position_lots), abs(true_position))
        assert furthest <= 10_000
    assert furthest > 8_000, "the adversary never came near the limit, so the test shows nothing"
