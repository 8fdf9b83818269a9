"""Orders with a life, against an exchange that plays against us."""

import pytest

from alphaloop.errors import Broken
from alphaloop.facts.order import Event, Report, Side
from alphaloop.trading.plan import Stage
from alphaloop.trading.want import Want

MS = 1_000_000


def report(order, event, lots=5, left=None, side=Side.BUY):
    return Report(order, event, side, 99, lots, 0, 0, left)


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


def losing(made, answered_ns, until_ns, step_ns=1_000_000):
    """The times at which a cancel goes while every one is lost, which is told `answered_ns` after it went."""
    exchange, orders = made.exchange, made.orders
    orders.want([Want(Side.BUY, 99, 5)])
    orders.work(lambda want: True, lambda verb, order: None)
    orders.hear(report(1, Event.ACCEPTED))
    orders.want([])
    went_ns = []
    for exchange.now_ns in range(0, until_ns, step_ns):
        if went_ns and exchange.now_ns == went_ns[-1] + answered_ns:
            assert orders.hear(report(1, Event.ACCEPTED))
            assert orders.open[1].stage is Stage.RESTING
        orders.work(lambda want: True, lambda verb, order: went_ns.append(exchange.now_ns))
    return went_ns


def test_a_lost_cancel_is_sent_again_later_and_later(floor):
    """An answer takes 20 ms, so after it 20, 40, 80, ... ms pass, and a second at most.

    0; 20 + 20 = 40; 40 + 20 + 40 = 100; 100 + 20 + 80 = 200; then + 180, 340, 660, and + 1,020 from there on.
    """
    went_ns = losing(floor(0), 20 * MS, 3_500 * MS)
    assert [at / MS for at in went_ns] == [0, 40, 100, 200, 380, 720, 1_380, 2_400, 3_420]


def test_losses_that_are_told_at_once_are_spaced_too(floor):
    """After 1, 2, 4, ... ms: at 0, 2, 5, 10, 19 where telling takes another one."""
    assert losing(floor(0), 1 * MS, 20 * MS) == [0, 2 * MS, 5 * MS, 10 * MS, 19 * MS]


def test_an_order_that_is_wanted_again_in_the_pause_after_a_lost_cancel_stays(floor):
    made = floor(0)
    assert losing(made, 20 * MS, 21 * MS) == [0]
    made.orders.want([Want(Side.BUY, 99, 5)])
    made.exchange.now_ns = 100 * MS
    made.orders.work(lambda want: True, lambda verb, order: pytest.fail(verb))
    assert made.orders.settled


def test_a_pause_delays_no_other_orders_cancel(floor):
    made = floor(0)
    losing(made, 20 * MS, 21 * MS)
    made.orders.want([Want(Side.SELL, 101, 5)])
    made.orders.work(lambda want: True, lambda verb, order: None)
    made.orders.hear(Report(2, Event.ACCEPTED, Side.SELL, 101, 5, 0, 0))
    made.orders.want([])
    sent = []
    made.orders.work(lambda want: True, lambda verb, order: sent.append((verb, order.order)))
    assert sent == [("cancel", 2)]


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
        orders.hear(report(1, Event.FILLED, side=Side.SELL))


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
