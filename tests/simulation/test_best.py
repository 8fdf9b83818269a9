"""The touch, replayed: against a book that is searched whole, and against hftbacktest's own depth."""

import ctypes

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.market import Instrument
from alphaloop.market.tape import BUY, DEPTH, DEPTH_CLEAR, EVENT, EXCHANGE, LOCAL, SELL, SNAPSHOT, TRADE
from alphaloop.simulation import steps
from alphaloop.simulation.best import depth_rows, touches
from alphaloop.simulation.engine import _function, _path, load

WHOLE = Instrument("WHOLE", 1.0, 1.0, 0.0, 0.0)
QUIET = st.tuples(st.sampled_from([BUY, SELL]), st.integers(0, 12), st.integers(0, 3))


def rows(changes):
    made = np.zeros(len(changes), EVENT)
    for place, (kind, price, size) in enumerate(changes):
        made[place] = (kind | EXCHANGE | LOCAL, 10 + place, 10 + place, price, size, 0, 0, 0.0)
    return made


def after_each(made):
    """The state after every row, from the rows at which it may have changed."""
    order = depth_rows(made, np.arange(len(made)))
    now, told, changed = (0, 0, 0, 0), [], {}
    for places, states in touches(made, WHOLE, order):
        changed.update(zip(order[places].tolist(), map(tuple, states.tolist()), strict=True))
    for place in range(len(made)):
        now = changed.get(place, now)
        told.append(now)
    return told


def searched(changes):
    """The same, from whole dictionaries."""
    bids, asks, told = {}, {}, []
    for kind, price, size in changes:
        levels = bids if kind & BUY else asks
        if kind & 0xFF == DEPTH_CLEAR:
            for gone in [level for level in levels if (level >= price if levels is bids else level <= price)]:
                del levels[gone]
        else:
            levels[price] = size
            if not size:
                del levels[price]
        bid, ask = max(bids, default=0), min(asks, default=0)
        told.append((bid, bids.get(bid, 0), ask, asks.get(ask, 0)))
    return told


def uncrossed(kinds):
    """Random changes whose bids stay at 100 and below, and whose asks stay above."""
    return st.lists(
        st.builds(
            lambda kind, change: (
                kind | change[0],
                100 - change[1] if change[0] == BUY else 101 + change[1],
                change[2],
            ),
            st.sampled_from(kinds),
            QUIET,
        ),
        min_size=1,
        max_size=80,
    )


@given(uncrossed([DEPTH, SNAPSHOT, DEPTH_CLEAR, TRADE]))
def test_the_touch_is_always_that_of_the_whole_book(changes):
    states = after_each(rows(changes))
    depth = [change for change in changes if change[0] & 0xFF != TRADE]
    told = [state for state, change in zip(states, changes, strict=True) if change[0] & 0xFF != TRADE]
    assert told == searched(depth)


@given(uncrossed([DEPTH, SNAPSHOT]))
def test_the_touch_is_always_the_one_that_matching_sees(changes):
    assert after_each(rows(changes)) == seen_by_the_engine(rows(changes))


def test_a_row_without_a_side_changes_no_book():
    changes = [(DEPTH | BUY, 100, 1), (DEPTH, 101, 1), (TRADE | BUY, 100, 1)]
    assert depth_rows(rows(changes), np.arange(3)).tolist() == [0]


def test_a_price_far_behind_is_found():
    changes = [(DEPTH | BUY, 5, 1), (DEPTH | BUY, 5_000, 1), (DEPTH | BUY, 5_000, 0)]
    assert [state[0] for state in after_each(rows(changes))] == [5, 5_000, 5]


def test_a_better_price_uncovers_what_stood_behind_the_one_that_it_met():
    changes = [(DEPTH | SELL, 105, 1), (DEPTH | SELL, 107, 2), (DEPTH | BUY, 105, 3)]
    assert after_each(rows(changes))[-1] == (105, 3, 107, 2)


def test_a_clear_without_a_side_empties_both():
    changes = [(DEPTH | SELL, 105, 1), (DEPTH | BUY, 100, 2), (DEPTH_CLEAR, 0, 0)]
    assert after_each(rows(changes))[-1] == (0, 0, 0, 0)


def test_without_rows_there_is_no_touch():
    assert list(touches(rows([]), WHOLE, np.arange(0))) == []


def test_a_long_tape_is_replayed_in_pieces_as_if_whole(monkeypatch):
    random = np.random.default_rng(1)
    changes = [
        (DEPTH | (BUY if bid else SELL), 100 - away if bid else 101 + away, size)
        for bid, away, size in zip(
            random.random(300) < 0.5, random.integers(0, 9, 300), random.integers(0, 3, 300), strict=True
        )
    ]
    whole = after_each(rows(changes))
    monkeypatch.setattr(steps, "AT_ONCE", 7)
    assert after_each(rows(changes)) == whole == searched(changes)


def seen_by_the_engine(made):
    """Best bid and ask of hftbacktest's local depth after every row."""
    engine, library = load(), ctypes.CDLL(str(_path()))
    depth_of = _function(library, "hashmapbt_depth", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint64)
    elapse = _function(library, "hashmapbt_elapse", ctypes.c_int64, ctypes.c_void_p, ctypes.c_uint64)
    read = {
        (side, what): _function(library, f"hashmapdepth_best_{side}_{what}", kind, ctypes.c_void_p)
        for side in ("bid", "ask")
        for what, kind in (("tick", ctypes.c_int64), ("qty", ctypes.c_double))
    }
    ending = np.zeros(1, EVENT)
    ending["ev"], ending["exch_ts"], ending["local_ts"] = TRADE | EXCHANGE | LOCAL, 1 << 61, 1 << 61
    fed = np.concatenate([made, ending])
    asset = engine.module.BacktestAsset()
    asset._add_data_ndarray(fed.ctypes.data, len(fed))
    asset.constant_order_latency(0, 0)
    asset.linear_asset(1.0)
    asset.risk_adverse_queue_model()
    asset.partial_fill_exchange()
    asset.tick_size(1.0)
    asset.lot_size(1.0)
    asset.trading_value_fee_model(0.0, 0.0)
    asset.last_trades_capacity(0)
    pointer = engine.module.build_hashmap_backtest([asset])
    engine.wait(pointer, True, 0)
    told = []
    for time_ns in made["local_ts"].tolist():
        if time_ns > engine.now(pointer):
            elapse(pointer, time_ns - engine.now(pointer))
        depth = depth_of(pointer, 0)
        state = []
        for side in ("bid", "ask"):
            tick = read[side, "tick"](depth)
            there = 0 < tick < 1 << 40
            state += [tick, round(read[side, "qty"](depth))] if there else [0, 0]
        told.append(tuple(state))
    engine.close(pointer)
    return told
