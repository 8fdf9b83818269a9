"""From wanted to sent: queue places are kept, replacements wait, own orders never meet."""

from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.order import Side
from alphaloop.trading.plan import Open, Stage, plan
from alphaloop.trading.want import Want

BUY, SELL = Side.BUY, Side.SELL


def resting(order, side, ticks, lots=5):
    return Open(order, side, ticks, lots, Stage.RESTING)


def test_nothing_open_sends_everything():
    wants = [Want(BUY, 99, 5), Want(SELL, 101, 5)]
    assert plan(wants, []) == ([], wants, True)


def test_an_order_keeps_its_place_when_side_and_price_stay():
    assert plan([Want(BUY, 99, 5)], [resting(1, BUY, 99)]) == ([], [], True)


def test_a_smaller_size_keeps_the_place_too():
    assert plan([Want(BUY, 99, 3)], [resting(1, BUY, 99)]) == ([], [], True)


def test_a_size_that_grows_gives_the_place_up():
    assert plan([Want(BUY, 99, 6)], [resting(1, BUY, 99)]) == ([1], [], False)


def test_a_replacement_waits_for_the_cancel():
    order = resting(1, BUY, 99)
    assert plan([Want(BUY, 98, 5)], [order]) == ([1], [], False)
    order.stage = Stage.CANCELLING
    assert plan([Want(BUY, 98, 5)], [order]) == ([], [], False)
    assert plan([Want(BUY, 98, 5)], []) == ([], [Want(BUY, 98, 5)], True)


def test_the_other_side_does_not_wait():
    assert plan([Want(BUY, 98, 5), Want(SELL, 101, 5)], [resting(1, BUY, 99)])[1] == [Want(SELL, 101, 5)]


def test_an_order_that_is_not_acknowledged_cannot_be_cancelled_yet():
    assert plan([], [Open(1, BUY, 99, 5)]) == ([], [], False)


def test_an_order_that_is_being_cancelled_is_no_order_that_is_wanted():
    assert plan([Want(BUY, 99, 5)], [Open(1, BUY, 99, 5, Stage.CANCELLING)]) == ([], [], False)


def test_nothing_goes_where_an_own_order_is_still_open():
    assert plan([Want(SELL, 99, 5)], [resting(1, BUY, 99)])[1] == []
    assert plan([Want(SELL, 100, 5)], [resting(1, BUY, 99)])[1] == [Want(SELL, 100, 5)]


def test_two_orders_at_one_price_match_two_wants():
    wants = [Want(BUY, 99, 5), Want(BUY, 99, 5)]
    assert plan(wants, [resting(1, BUY, 99), resting(2, BUY, 99)]) == ([], [], True)
    assert plan(wants[:1], [resting(1, BUY, 99), resting(2, BUY, 99)])[0] == [2]


WANTS = st.lists(st.builds(Want, st.sampled_from(Side), st.integers(90, 110), st.integers(1, 9)), max_size=6)
OPEN = st.lists(
    st.builds(
        Open,
        st.just(0),
        st.sampled_from(Side),
        st.integers(90, 110),
        st.integers(1, 9),
        st.sampled_from(Stage),
    ),
    max_size=6,
)


def numbered(orders):
    return [Open(number, one.side, one.ticks, one.lots, one.stage) for number, one in enumerate(orders)]


@given(WANTS, OPEN)
def test_no_side_ever_has_more_than_is_wanted_or_was_open(wants, orders):
    orders = numbered(orders)
    cancels, submissions, _ = plan(wants, orders)
    for side in Side:
        sent = [want for want in submissions if want.side is side]
        kept = [order for order in orders if order.side is side and order.order not in cancels]
        assert len(sent) == 0 or len(sent) + len(kept) <= sum(want.side is side for want in wants)
        for want in sent:
            assert all(want.ticks * side < order.ticks * side for order in orders if order.side is not side)


@given(WANTS, OPEN)
def test_a_complete_plan_leaves_exactly_the_wanted_sides_and_prices(wants, orders):
    _, submissions, complete = plan(wants, numbered(orders))
    if complete:
        left = [(order.side, order.ticks) for order in (*orders, *submissions)]
        assert sorted(left) == sorted((want.side, want.ticks) for want in wants)
