"""Scenarios are deterministic, leave a tape valid, and do what they say."""

import numpy as np
import pytest

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.replay import BOOK_KINDS, Replay, touches
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.scenarios.scenario import span
from alphaloop.market.tape import BUY, EXCHANGE, KIND_MASK, LOCAL, TRADE, Tape
from alphaloop.market.worlds import make

COARSE = Instrument("SYN", 0.01, 0.001, 0.0, 0.0)
WORLDS = ("book", "null")


def _tape(world: str = "book", seed: int = 3) -> Tape:
    return make(WorldSpec(world), COARSE, 60.0, seed)


def _mids(tape: Tape) -> np.ndarray:
    seen = touches(tape)
    return (seen.bid + seen.ask) / 2 * tape.instrument.tick


def _crossings_seen_by(tape: Tape, clock: int) -> int:
    book, crossed = Replay(), 0
    mine = tape.events[
        ((tape.events["ev"] & clock) != 0) & np.isin(tape.events["ev"] & KIND_MASK, BOOK_KINDS)
    ]
    for ev, price, size in zip(mine["ev"].tolist(), mine["px"].tolist(), mine["qty"].tolist(), strict=True):
        book.apply(ev, round(price / tape.instrument.tick), round(size / tape.instrument.lot))
        touch = book.touch()
        crossed += touch is not None and touch[0] >= touch[1]
    return crossed


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_changes_the_tape_the_same_way_every_time_and_leaves_its_source_alone(
    name: str, world: str
) -> None:
    tape = _tape(world)
    before = tape.digest()
    once, again = (SCENARIOS[name].apply(tape) for _ in range(2))
    assert tape.digest() == before
    assert once.digest() == again.digest()
    assert once.digest() != before


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_neither_clock_ever_sees_a_crossed_book_or_time_run_back(name: str, world: str, seed: int) -> None:
    stressed = SCENARIOS[name].apply(_tape(world, seed))
    refuse_disorder(stressed.events, name)
    assert (stressed.latency["exch_ts"] >= stressed.latency["req_ts"]).all()
    assert (np.diff(stressed.latency["req_ts"]) >= 0).all()
    assert [_crossings_seen_by(stressed, clock) for clock in (EXCHANGE, LOCAL)] == [0, 0]


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_happens_before_the_stress_begins(name: str) -> None:
    tape = _tape()
    stressed = SCENARIOS[name].apply(tape)
    start_ns, _ = span(tape, 1.0)
    rows = int((tape.events["exch_ts"] < start_ns).sum())
    assert (stressed.events[:rows] == tape.events[:rows]).all()


def test_a_flash_crash_falls_by_a_twentieth_and_comes_back() -> None:
    tape = _tape()
    before, after = _mids(tape), _mids(SCENARIOS["flash_crash"].apply(tape))
    assert after.min() == pytest.approx(95.0, abs=0.5)
    assert after[-1] == before[-1]


def test_a_spread_blowout_widens_both_sides_and_returns() -> None:
    tape = _tape()
    seen = touches(SCENARIOS["spread_blowout"].apply(tape))
    assert (seen.ask - seen.bid).max() > 40
    assert (seen.ask - seen.bid)[-1] == (touches(tape).ask - touches(tape).bid)[-1]


def test_in_one_sided_flow_nobody_buys_and_the_price_gives_way() -> None:
    tape = _tape()
    stressed = SCENARIOS["one_sided_flow"].apply(tape)
    start_ns, end_ns = span(tape, 15.0)
    events = stressed.events
    inside = (events["exch_ts"] >= start_ns) & (events["exch_ts"] < end_ns)
    trades = events[inside & ((events["ev"] & KIND_MASK) == TRADE)]
    assert len(trades) > 0
    assert ((trades["ev"] & BUY) == 0).all()
    assert _mids(stressed)[-1] - _mids(tape)[-1] == pytest.approx(-0.5, abs=0.011)


def test_a_feed_gap_is_silent_for_the_trader_alone_and_is_not_marked() -> None:
    tape = _tape()
    stressed = SCENARIOS["feed_gap"].apply(tape)
    heard = stressed.events["local_ts"][(stressed.events["ev"] & LOCAL) != 0]
    assert np.diff(heard).max() > 4_500_000_000
    at_exchange = stressed.events[(stressed.events["ev"] & EXCHANGE) != 0]
    assert (at_exchange["px"] == tape.events["px"]).all()
    assert stressed.gaps_ns == ()


def test_after_a_feed_gap_the_trader_knows_the_book_again() -> None:
    stressed = SCENARIOS["feed_gap"].apply(_tape())
    books = []
    for clock in (EXCHANGE, LOCAL):
        book = Replay()
        for row in stressed.events[(stressed.events["ev"] & clock) != 0]:
            book.apply(int(row["ev"]), round(float(row["px"]) / 0.01), round(float(row["qty"]) / 0.001))
        books.append((book.bids, book.asks))
    assert books[0] == books[1]


def test_stale_quotes_are_two_seconds_old() -> None:
    tape = _tape()
    late = SCENARIOS["stale_quotes"].apply(tape).events
    delay = late["local_ts"] - late["exch_ts"]
    assert delay.max() > 2_000_000_000
    assert (late["exch_ts"] == tape.events["exch_ts"]).all()


def test_a_latency_spike_ends_when_it_ends() -> None:
    tape = _tape()
    trips = SCENARIOS["latency_spike"].apply(tape).latency
    start_ns, end_ns = span(tape, 10.0)
    slow = (trips["exch_ts"] - trips["req_ts"]) > 400_000_000
    assert slow.sum() >= 20
    assert trips["req_ts"][slow].min() == start_ns
    assert trips["req_ts"][slow].max() == end_ns - 1
