"""From wanted to sent: queue places are kept, replacements wait, own orders never meet."""

from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.order import Side
from alphaloop.trading.plan import Open, Plan, Stage, plan
from alphaloop.trading.want import Want

BUY, SELL = Side.BUY, Side.SELL


def resting(order, side, ticks, lots=5):
    return Open(order, side, ticks, lots, Stage.RESTING)


def test_nothing_open_sends_everything():
    wants = [Want(BUY, 99, 5), Want(SELL, 101, 5)]
    assert plan(wants, []) == Plan([], wants, complete=True)


def test_an_order_keeps_its_place_when_side_and_price_stay():
    assert plan([Want(BUY, 99, 5)], [resting(1, BUY, 99)]) == Plan([], [], complete=True)


def test_a_smaller_size_keeps_the_place_too():
    assert plan([Want(BUY, 99, 3)], [resting(1, BUY, 99)]) == Plan([], [], complete=True)


def test_a_size_that_grows_gives_the_place_up():
    assert plan([Want(BUY, 99, 6)], [resting(1, BUY, 99)]) == Plan([1], [], complete=False)


def test_a_replacement_waits_for_the_cancel():
    order = resting(1, BUY, 99)
    assert plan([Want(BUY, 98, 5)], [order]) == Plan([1], [], complete=False)
    order.stage = Stage.CANCELLING
    assert plan([Want(BUY, 98, 5)], [order]) == Plan([], [], complete=False)
    assert plan([Want(BUY, 98, 5)], []) == Plan([], [Want(BUY, 98, 5)], complete=True)


def test_the_other_side_does_not_wait():
    assert plan([Want(BUY, 98, 5), Want(SELL, 101, 5)], [resting(1, BUY, 99)]).submissions == [
        Want(SELL, 101, 5)
    ]


def test_an_order_that_is_not_acknowledged_cannot_be_cancelled_yet():
    assert plan([], [Open(1, BUY, 99, 5)]) == Plan([], [], complete=False)


def test_an_order_that_is_being_cancelled_is_no_order_that_is_wanted():
    assert plan([Want(BUY, 99, 5)], [Open(1, BUY, 99, 5, Stage.CANCELLING)]) == Plan([], [], complete=False)


def test_nothing_goes_where_an_own_order_is_still_open():
    assert plan([Want(SELL, 99, 5)], [resting(1, BUY, 99)]).submissions == []
    assert plan([Want(SELL, 100, 5)], [resting(1, BUY, 99)]).submissions == [Want(SELL, 100, 5)]


def test_two_orders_at_one_price_match_two_wants():
    wants = [Want(BUY, 99, 5), Want(BUY, 99, 5)]
    assert plan(wants, [resting(1, BUY, 99), resting(2, BUY, 99)]) == Plan([], [], complete=True)
    assert plan(wants[:1], [resting(1, BUY, 99), resting(2, BUY, 99)]).cancels == [2]


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


@given(WANTS, OPEN)
def test_no_side_ever_has_more_than_is_wanted_or_was_open(wants, orders):
    for number, order in enumerate(orders):
        order.order = number
    steps = plan(wants, orders)
    for side in Side:
        sent = [want for want in steps.submissions if want.side is side]
        kept = [order for order in orders if order.side is side and order.order not in steps.cancels]
        assert len(sent) == 0 or len(sent) + len(kept) <= sum(want.side is side for want in wants)
        for want in sent:
            assert all(want.ticks * side < order.ticks * side for order in orders if order.side is not side)


@given(WANTS, OPEN)
def test_a_complete_plan_leaves_exactly_the_wanted_sides_and_prices(wants, orders):
    for number, order in enumerate(orders):
        order.order = number
    steps = plan(wants, orders)
    if steps.complete:
        left = [(order.side, order.ticks) for order in orders] + [
            (want.side, want.ticks) for want in steps.submissions
        ]
        assert sorted(left) == sorted((want.side, want.ticks) for want in wants)
