"""What the trader is shown, and when."""

import math

import numpy as np
import pytest

from alphaloop.errors import BadTape
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, LOCAL, SELL, TRADE, Channel
from alphaloop.simulation.funding import INTERVAL_NS, settlements
from alphaloop.simulation.timeline import timeline
from alphaloop.simulation.view import NEVER_NS, View

MS = 1_000_000
SECOND = 1_000_000_000


def test_a_tape_without_a_bid_and_an_ask_is_refused(maker):
    tape = maker.tape()
    tape.events["ev"][1] &= ~np.uint64(LOCAL)
    with pytest.raises(BadTape, match="never sees a bid and an ask together"):
        timeline(tape)


def test_the_timeline_of_a_tape_is_made_once(maker):
    tape = maker.tape()
    assert timeline(tape) is timeline(tape)
    assert timeline(maker.tape()) is not timeline(tape)


def test_the_trader_sees_the_exchange_later(maker):
    made = timeline(maker.tape((100, DEPTH | BUY, 102, 3)))
    assert made.local.states.tolist() == [[100, 10, 110, 10], [102, 3, 110, 10]]
    assert made.mids["mid"].tolist() == [105.0, 106.0]
    assert (made.local.times_ns - made.mids["time_ns"]).tolist() == [5 * MS] * 2


def test_a_row_that_the_trader_never_hears_is_not_in_the_view(maker):
    tape = maker.tape((100, DEPTH | BUY, 102, 3), (200, DEPTH | BUY, 104, 3))
    tape.events["ev"][2] &= ~np.uint64(LOCAL)
    made = timeline(tape)
    assert made.mids["mid"].tolist() == [105.0, 106.0, 107.0]
    assert made.local.states[:, 0].tolist() == [100, 104]


def test_a_row_that_is_one_at_the_exchange_and_a_later_one_at_the_trader_is_the_same_change(maker):
    """So converters write what came late: the exchange's row at its place, the trader's at another."""
    tape = maker.tape((100, DEPTH | BUY, 102, 3), (200, TRADE | BUY, 110, 1), (200, DEPTH | BUY, 102, 3))
    tape.events["ev"][2] &= ~np.uint64(LOCAL)
    tape.events["ev"][4] &= ~np.uint64(EXCHANGE)
    made = timeline(tape)
    assert made.local.states[:, 0].tolist() == [100, 102]
    assert (made.local.times_ns - made.mids["time_ns"]).tolist() == [5 * MS, 105 * MS]


def test_rows_that_arrive_out_of_order_are_seen_in_the_order_of_arrival(maker):
    tape = maker.tape((100, DEPTH | BUY, 102, 3), (200, DEPTH | BUY, 104, 3), (300, DEPTH | BUY, 104, 0))
    tape.events["local_ts"][2] += 500 * MS
    made = timeline(tape)
    assert made.local.states[:, 0].tolist() == [100, 104, 100, 102]


def test_the_view_ages_by_the_exchanges_clock(maker):
    tape = maker.tape((100, DEPTH | BUY, 102, 3))
    view = View(timeline(tape))
    assert view.age_ns(tape.start_ns + 5 * MS) == 5 * MS
    assert view.age_ns(tape.start_ns + 104 * MS) == 104 * MS
    assert view.age_ns(tape.start_ns + 105 * MS) == 5 * MS


def test_volatility_is_the_weighted_mean_of_squared_changes_of_whole_seconds(maker):
    moves = [(1_500, DEPTH | BUY, 104, 1), (2_500, DEPTH | BUY, 108, 1)]
    made = timeline(maker.tape(*moves))
    assert made.volatility[0] == made.volatility[1] == 0.0
    # A mid of 105, then 107, then 109: the changes are 0, 2 and 2.
    weights = [0.5 ** (age / 60) for age in (2, 1, 0)]
    expected = math.sqrt((weights[1] * 4 + weights[2] * 4) / sum(weights))
    assert made.volatility[3] == pytest.approx(expected, rel=1e-12)


def test_trades_are_told_once_and_in_order(maker):
    tape = maker.tape((100, TRADE | BUY, 110, 1), (200, TRADE | SELL, 100, 2))
    view = View(timeline(tape))
    assert view.next_trade_ns > tape.start_ns + 100 * MS
    first, second = view.next_trade(), view.next_trade()
    assert (first.side, first.price, second.side, second.size) == ("buy", 110.0, "sell", 2.0)
    assert view.next_trade_ns == NEVER_NS


def test_funding_is_settled_every_eight_hours_at_the_rate_of_that_moment(maker):
    tape = maker.tape(seconds=0.1)
    tape.events["exch_ts"][-1] = tape.events["local_ts"][-1] = 3 * INTERVAL_NS
    channel = Channel("funding", np.array([0, INTERVAL_NS + 1]), np.array([1e-4, 2e-4]))
    object.__setattr__(tape, "channels", (channel,))
    first = tape.start_ns // INTERVAL_NS + 1
    due = [(place * INTERVAL_NS, 1e-4 if place <= 1 else 2e-4) for place in range(first, 4)]
    assert settlements(timeline(tape)) == due


def test_without_a_stream_no_funding_is_settled(maker):
    assert settlements(timeline(maker.tape())) == []
