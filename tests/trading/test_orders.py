"""Orders with a life, against an exchange that plays against us."""

import pytest

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.trading.plan import Stage
from alphaloop.trading.want import Want


def report(order, event, lots=5, left=None):
    return Report(order, event, Side.BUY, 99, lots, 0, 0, left)


@pytest.fixture
def orders(floor):
    made = floor(0).orders
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


def test_a_fill_that_is_told_twice_is_booked_once(orders):
    assert orders.hear(report(1, Event.FILLED, 2, left=3))
    assert not orders.hear(report(1, Event.FILLED, 2, left=3))
    assert orders.open_lots(Side.BUY) == 3


def test_an_order_whose_end_overtook_its_fill_stays_open_until_the_fill_is_heard(orders):
    """5 lots end with 3 over: 2 were filled, and count as open; nothing goes in their place before."""
    orders.hear(report(1, Event.ACCEPTED))
    orders.hear(report(1, Event.CANCELED, 3))
    assert orders.open_lots(Side.BUY) == 2
    orders.work(lambda want: True, lambda verb, order: None)
    assert orders.submitted == 1
    orders.hear(report(1, Event.FILLED, 2, left=3))
    assert not orders.open
    orders.work(lambda want: True, lambda verb, order: None)
    assert orders.submitted == 2


def test_an_ended_order_is_not_brought_back_by_what_is_told_late(orders):
    orders.hear(report(1, Event.FILLED, 5, left=0))
    for late in (Event.ACCEPTED, Event.CANCELED):
        assert not orders.hear(report(1, late, 0))
    assert not orders.open
    assert orders.open_lots(Side.BUY) == 0


def test_an_acceptance_after_the_end_does_not_revive_the_lots_on_their_way(orders):
    orders.hear(report(1, Event.CANCELED, 3))
    assert not orders.hear(report(1, Event.ACCEPTED))
    assert orders.open[1].stage is Stage.CANCELLING


def test_a_fill_proves_that_the_order_rests_so_that_it_can_be_cancelled(orders):
    orders.hear(report(1, Event.FILLED, 2, left=3))
    assert orders.open[1].stage is Stage.RESTING


def test_a_report_of_the_other_side_is_the_platforms_failure(orders):
    with pytest.raises(Broken, match="of a sell"):
        orders.hear(report(1, Event.FILLED)._replace(side=Side.SELL))


def test_a_rejection_of_what_was_filled_is_the_platforms_failure(orders):
    orders.hear(report(1, Event.FILLED, 2, left=3))
    with pytest.raises(Broken, match="lots over"):
        orders.hear(report(1, Event.REJECTED, 5))


def test_what_is_told_of_orders_that_ended_long_ago_is_a_failure_and_fills_no_memory(floor):
    made = floor(0).orders
    for number in range(1, 4_200):
        made.want([Want(Side.BUY, 99, 5)])
        made.work(lambda want: True, lambda verb, order: None)
        made.hear(report(number, Event.FILLED, 5, left=0))
        made.want([])
    assert not made.hear(report(4_199, Event.CANCELED, 0))
    with pytest.raises(Broken, match="not open here"):
        made.hear(report(1, Event.CANCELED, 0))
