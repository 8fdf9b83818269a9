"""What each scenario does to a tape, row by row."""

import numpy as np
import pytest

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.replay import Replay, touches
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.scenarios.scenario import span
from alphaloop.market.scenarios.streams import stream, values_at
from alphaloop.market.scenarios.trips import refused
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, LATENCY, LOCAL, TRADE, Rows, Tape
from alphaloop.market.worlds import make

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
MS = 1_000_000


@pytest.fixture(scope="module")
def tape() -> Tape:
    return make(WorldSpec("book"), COARSE, 60.0, 3)


@pytest.fixture(scope="module")
def perpetual() -> Tape:
    return make(WorldSpec("book", (("basis_bps", 5.0), ("funding_bps", 1.0))), COARSE, 60.0, 3)


def _mids(tape: Tape) -> np.ndarray:
    seen = touches(tape)
    return (seen.bid + seen.ask) / 2 * tape.instrument.tick


def _as_of(tape: Tape, times_ns: np.ndarray) -> np.ndarray:
    return _mids(tape)[np.searchsorted(touches(tape).times_ns, times_ns, side="right") - 1]


def _trades(tape: Tape, begin_ns: int, end_ns: int) -> Rows:
    events = tape.events
    inside = (events["exch_ts"] >= begin_ns) & (events["exch_ts"] < end_ns)
    return events[inside & ((events["ev"] & KIND_MASK) == TRADE)]


def test_a_flash_crash_falls_by_a_twentieth_and_comes_back(tape: Tape) -> None:
    before, after = _mids(tape), _mids(SCENARIOS["flash_crash"].apply(tape))
    assert after.min() == pytest.approx(95.0, abs=0.5)
    assert after[-1] == before[-1]


def test_a_flash_rally_is_a_flash_crash_upside_down(tape: Tape) -> None:
    down, up = (_mids(SCENARIOS[name].apply(tape)) for name in ("flash_crash", "flash_rally"))
    calm = _mids(tape)
    assert up.max() == pytest.approx(105.0, abs=0.5)
    assert up[-1] == down[-1] == calm[-1]


def test_a_flash_takes_mark_and_index_along_because_the_whole_market_moves(perpetual: Tape) -> None:
    stressed = SCENARIOS["flash_crash"].apply(perpetual)
    begin_ns, end_ns = SCENARIOS["flash_crash"].struck(perpetual)
    deepest_ns = np.array([begin_ns + (end_ns - begin_ns) * 3 // 10], np.int64)
    for name in ("mark", "index"):
        fallen = (
            values_at(stream(stressed, name), deepest_ns) - values_at(stream(perpetual, name), deepest_ns)
        )[0]
        assert fallen == pytest.approx(-5.0, abs=0.02)
        assert stream(stressed, name).values[-1] == pytest.approx(stream(perpetual, name).values[-1])


def test_a_smaller_flash_is_asked_for_by_its_parameter(tape: Tape) -> None:
    after = _mids(SCENARIOS["flash_crash"].apply(tape, {"size": -0.02, "seconds": 5.0}))
    assert after.min() == pytest.approx(98.0, abs=0.5)


def test_a_spread_blowout_widens_both_sides_and_returns(tape: Tape) -> None:
    seen = touches(SCENARIOS["spread_blowout"].apply(tape))
    assert (seen.ask - seen.bid).max() > 40
    assert (seen.ask - seen.bid)[-1] == (touches(tape).ask - touches(tape).bid)[-1]


def test_in_one_sided_flow_nobody_buys_and_the_price_gives_way(tape: Tape) -> None:
    stressed = SCENARIOS["one_sided_flow"].apply(tape)
    trades = _trades(stressed, *span(tape, 15.0))
    assert len(trades) > 0
    assert ((trades["ev"] & BUY) == 0).all()
    assert _mids(stressed)[-1] - _mids(tape)[-1] == pytest.approx(-0.5, abs=0.011)


def test_a_feed_gap_is_silent_for_the_trader_alone_and_is_an_outage_not_a_gap(tape: Tape) -> None:
    stressed = SCENARIOS["feed_gap"].apply(tape)
    heard = stressed.events["local_ts"][(stressed.events["ev"] & LOCAL) != 0]
    assert np.diff(heard).max() > 4_500_000_000
    at_exchange = stressed.events[(stressed.events["ev"] & EXCHANGE) != 0]
    assert (at_exchange["px"] == tape.events["px"]).all()
    assert stressed.gaps_ns == ()
    assert stressed.outages_ns == (span(tape, 5.0),)
    assert (stressed.latency == tape.latency).all()


def test_after_a_feed_gap_the_trader_knows_the_book_again(tape: Tape) -> None:
    stressed = SCENARIOS["feed_gap"].apply(tape)
    books = []
    for clock in (EXCHANGE, LOCAL):
        book = Replay()
        for row in stressed.events[(stressed.events["ev"] & clock) != 0]:
            book.apply(int(row["ev"]), round(float(row["px"]) / 0.01), round(float(row["qty"]) / 0.001))
        books.append((book.bids, book.asks))
    assert books[0] == books[1]


def test_stale_quotes_are_two_seconds_old(tape: Tape) -> None:
    late = SCENARIOS["stale_quotes"].apply(tape).events
    delay = late["local_ts"] - late["exch_ts"]
    assert delay.max() > 2_000_000_000
    assert (late["exch_ts"] == tape.events["exch_ts"]).all()


def test_a_latency_spike_ends_when_it_ends(tape: Tape) -> None:
    trips = SCENARIOS["latency_spike"].apply(tape).latency
    start_ns, end_ns = span(tape, 10.0)
    slow = (trips["exch_ts"] - trips["req_ts"]) > 400_000_000
    assert slow.sum() >= 20
    assert trips["req_ts"][slow].min() == start_ns
    assert trips["req_ts"][slow].max() == end_ns - 1


def test_a_disconnect_is_a_feed_gap_in_which_every_message_is_lost(tape: Tape) -> None:
    cut, gap = SCENARIOS["disconnect"].apply(tape), SCENARIOS["feed_gap"].apply(tape)
    assert (cut.events == gap.events).all()
    assert cut.outages_ns == gap.outages_ns
    start_ns, end_ns = span(tape, 5.0)
    lost = cut.latency["exch_ts"] == 0
    assert cut.latency["req_ts"][lost].tolist() == [start_ns, end_ns - 1]
    assert (cut.latency["resp_ts"] - cut.latency["req_ts"])[lost].tolist() == [100 * MS, 100 * MS]
    beside = cut.latency["req_ts"][~lost]
    assert not ((beside >= start_ns) & (beside < end_ns)).any()
    assert {start_ns - 1, end_ns} <= set(beside.tolist())


def test_refusals_by_hand() -> None:
    # Trips at 0, 1 and 2 s of 5 ms each way; refused from 0.5 s to 1.5 s, told 30 ms later.
    latency = np.zeros(3, LATENCY)
    for place, at_ns in enumerate((0, 1_000 * MS, 2_000 * MS)):
        latency[place] = (at_ns, at_ns + 5 * MS, at_ns + 10 * MS, 0)
    trips = refused(latency, 500 * MS, 1_500 * MS, 30 * MS)
    assert [tuple(row)[:3] for row in trips.tolist()] == [
        (0, 5 * MS, 10 * MS),
        (500 * MS - 1, 505 * MS - 1, 510 * MS - 1),
        (500 * MS, 0, 530 * MS),
        (1_500 * MS - 1, 0, 1_530 * MS - 1),
        (1_500 * MS, 1_505 * MS, 1_510 * MS),
        (2_000 * MS, 2_005 * MS, 2_010 * MS),
    ]


def test_in_a_rate_limit_storm_two_thirds_of_the_requests_are_refused_and_the_feed_goes_on(
    tape: Tape,
) -> None:
    stressed = SCENARIOS["rate_limit_storm"].apply(tape)
    assert (stressed.events == tape.events).all()
    assert stressed.outages_ns == ()
    start_ns, end_ns = span(tape, 20.0)
    asked_ns = np.arange(start_ns, end_ns, 7 * MS)
    last = np.searchsorted(stressed.latency["req_ts"], asked_ns, side="right") - 1
    no = (stressed.latency["exch_ts"][last] == 0) | (stressed.latency["exch_ts"][last + 1] == 0)
    # Bursts of 2 s with pauses of 1 s: six whole rounds of 3 s, and 2 s of a seventh: 14 s of 20 s.
    assert no.mean() == pytest.approx(14 / 20, abs=0.01)


def test_a_fat_finger_prints_every_bid_on_its_way_and_one_lot_at_its_end(tape: Tape) -> None:
    stressed = SCENARIOS["fat_finger"].apply(tape)
    start_ns, end_ns = SCENARIOS["fat_finger"].struck(tape)
    added = len(_trades(stressed, 0, 1 << 62)) - len(_trades(tape, 0, 1 << 62))
    assert added > 5
    prints = _trades(stressed, start_ns - 1_000 * MS, end_ns)
    lowest = prints[np.argmin(prints["px"])]
    assert lowest["px"] == pytest.approx(97.0, abs=0.5)
    assert lowest["qty"] == pytest.approx(0.001)
    seen = touches(stressed)
    inside = (seen.times_ns >= start_ns) & (seen.times_ns < end_ns)
    assert (seen.ask - seen.bid)[inside].max() > 280
    assert _mids(stressed)[-1] == _mids(tape)[-1]


def test_a_fat_finger_moves_neither_mark_nor_index(perpetual: Tape) -> None:
    assert SCENARIOS["fat_finger"].apply(perpetual).channels == perpetual.channels


def test_a_cascade_falls_in_three_waves_and_gives_back_a_quarter_of_the_first_two(tape: Tape) -> None:
    scenario = SCENARIOS["liquidation_cascade"]
    start_ns, _ = scenario.struck(tape)
    # With x the fall of a wave, 3 x less two quarters of x given back is 3 per cent of 100: x is 1.2.  A wave
    # takes 5 s, falls in its first 1.5 s, stands until 2.5 s and recovers until its end.
    after_s = (2.0, 4.85, 7.0, 9.85, 12.0)
    fallen = (1.2, 1.2 - 0.3 * 7 / 8, 2.1, 2.1 - 0.3 * 7 / 8, 3.0)
    at_ns = np.array([start_ns + round(second * 1e9) for second in after_s], np.int64)
    calm, stressed = (_as_of(each, at_ns) for each in (tape, scenario.apply(tape)))
    assert calm - stressed == pytest.approx(fallen, abs=0.011)
    assert _mids(tape)[-1] - _mids(scenario.apply(tape))[-1] == pytest.approx(3.0, abs=0.011)


def test_in_a_cascade_the_sold_bids_are_printed_the_mark_is_below_and_the_index_stays(tape: Tape) -> None:
    scenario = SCENARIOS["liquidation_cascade"]
    stressed = scenario.apply(tape)
    start_ns, end_ns = scenario.struck(tape)
    added = len(_trades(stressed, 0, 1 << 62)) - len(_trades(tape, 0, 1 << 62))
    # Eight sales a wave, each of which prints a bid and its last lot at least.
    assert added >= 3 * 8 * 2
    inside = np.arange(start_ns + 1_000 * MS, end_ns, 50 * MS)
    below = _as_of(stressed, inside) - values_at(stream(stressed, "mark"), inside)
    # 20 bps of 100, but for the moments between the exchange's change and the trader's hearing of it.
    assert np.median(below) == pytest.approx(0.2, abs=0.02)
    index = values_at(stream(stressed, "index"), inside)
    assert np.median(np.abs(index - _as_of(tape, inside))) < 0.02


def test_a_volatility_regime_moves_five_times_as_much_and_stays_where_it_came_to(tape: Tape) -> None:
    stressed = SCENARIOS["volatility_regime"].apply(tape)
    start_ns, end_ns = span(tape, 20.0)

    def deviation(of: Tape) -> float:
        seen = touches(of)
        inside = np.arange(start_ns, end_ns, 1_000 * MS)
        mid = ((seen.bid + seen.ask) / 2)[np.searchsorted(seen.times_ns, inside, side="right") - 1]
        return float(np.diff(mid).std())

    assert deviation(stressed) == pytest.approx(5 * deviation(tape), rel=0.25)
    calm, after = touches(tape), touches(stressed)
    late, later = calm.times_ns > end_ns, after.times_ns > end_ns
    assert len(set((after.bid[later] - calm.bid[late]).tolist())) == 1


def test_a_funding_spike_is_settled_when_it_ends_and_is_calm_before_and_after(tape: Tape) -> None:
    stressed = SCENARIOS["funding_spike"].apply(tape)
    start_ns, end_ns = span(tape, 10.0)
    at = np.array([start_ns - 1, start_ns, end_ns, end_ns + 1], np.int64)
    assert values_at(stream(stressed, "funding"), at).tolist() == [0.0001, 0.01, 0.01, 0.0001]
    assert stream(stressed, "settlement").times_ns.tolist() == [end_ns]


def test_a_funding_spike_lies_over_the_funding_that_a_tape_has(perpetual: Tape) -> None:
    stressed = SCENARIOS["funding_spike"].apply(perpetual)
    start_ns, end_ns = span(perpetual, 10.0)
    own = stream(perpetual, "funding").values[0]
    at = np.array([start_ns - 1, start_ns, end_ns + 1], np.int64)
    assert values_at(stream(stressed, "funding"), at).tolist() == [own, 0.01, own]
    assert stream(stressed, "mark") is stream(perpetual, "mark")


def test_a_basis_break_takes_the_index_away_and_the_mark_half_of_the_way(tape: Tape) -> None:
    stressed = SCENARIOS["basis_break"].apply(tape)
    start_ns, end_ns = span(tape, 15.0)
    assert (stressed.events == tape.events).all()
    inside = np.array([start_ns, (start_ns + end_ns) // 2], np.int64)
    index, mark = (values_at(stream(stressed, name), inside) for name in ("index", "mark"))
    # One per cent of 100 for the index and half of it for the mark; both were at the mid.
    assert mark - index == pytest.approx([0.5, 0.5], abs=0.005)
    after = np.array([end_ns], np.int64)
    assert values_at(stream(stressed, "index"), after) == values_at(stream(stressed, "mark"), after)


def test_streams_that_are_made_run_no_earlier_than_the_feed(tape: Tape) -> None:
    stressed = SCENARIOS["basis_break"].apply(tape)
    index, seen = stream(stressed, "index"), touches(tape)
    first = (seen.bid[0] + seen.ask[0]) / 2 * 0.01
    assert index.values[0] == pytest.approx(first)
    assert index.times_ns[0] == tape.events["local_ts"][tape.events["exch_ts"] == seen.times_ns[0]].max()


def test_a_skewed_clock_changes_what_is_told_and_nothing_that_happens(tape: Tape) -> None:
    stressed = SCENARIOS["clock_skew"].apply(tape)
    assert (stressed.events == tape.events).all()
    assert (stressed.latency == tape.latency).all()
    (skew,) = stressed.channels
    assert (skew.name, skew.values.tolist()) == ("clock_skew", [2.0, -2.0, 0.0])
