"""Matching is fed ahead of its clock, and never reads what is not yet there or no longer."""

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.market.tape import BUY, DEPTH, EVENT, EXCHANGE, LOCAL, TRADE
from alphaloop.simulation import feed
from alphaloop.simulation.episode import play
from alphaloop.simulation.feed import Feed
from alphaloop.simulation.venue import Venue, tape_of

FOREVER_NS = 1 << 61
ROWS = st.lists(
    st.tuples(st.sampled_from([EXCHANGE, LOCAL, EXCHANGE | LOCAL]), st.integers(-3, 20)),
    min_size=1,
    max_size=300,
)


def tape_rows(told):
    """Rows whose times go up and now and then down, each with a price that is its number."""
    rows = np.zeros(len(told), EVENT)
    rows["ev"] = [DEPTH | BUY | flags for flags, _ in told]
    rows["exch_ts"] = 1_000 + np.cumsum([after for _, after in told])
    rows["px"] = np.arange(1, len(told) + 1)
    return rows


class Engine:
    """Reads a feed as hftbacktest does: it has always looked for the next row that is the exchange's."""

    def __init__(self, fed):
        self._rows, self._place, self.read = fed._rows, -1, []
        self._look()
        self.now_ns = self._next_ns

    def _look(self):
        self._place += 1
        while not self._rows["ev"][self._place] & EXCHANGE:
            self._place += 1
        self._next_ns = int(self._rows["exch_ts"][self._place])

    def wait(self, until_ns):
        while self._next_ns <= until_ns:
            self.read.append(int(self._rows["px"][self._place]))
            self._look()
        self.now_ns = until_ns


@given(ROWS, st.lists(st.integers(0, 400), max_size=30), st.integers(1, 90))
def test_the_engine_always_reads_every_row_of_the_exchange_and_no_other(told, strides, at_once):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(feed, "_AT_ONCE", at_once)
        rows = tape_rows(told)
        fed = Feed(rows)
        ready_ns = fed.begin(1_000)
        engine = Engine(fed)
        for stride in [0, *strides, 1 << 40]:
            until_ns = max(engine.now_ns, 1_000) + stride if engine.now_ns < FOREVER_NS else engine.now_ns
            if until_ns >= ready_ns:
                ready_ns = fed.go_on(engine.now_ns, until_ns)
            engine.wait(min(until_ns, FOREVER_NS - 1))
        at_exchange = rows[(rows["ev"] & EXCHANGE) != 0]
        assert engine.read == at_exchange["px"].astype(int).tolist()


def test_no_row_is_told_to_the_trader_and_the_tape_stays_as_it_is():
    rows = tape_rows([(EXCHANGE | LOCAL, 1)] * 10)
    before = rows.tobytes()
    fed = Feed(rows)
    fed.go_on(0, 1 << 40)
    assert not (fed._rows["ev"] & LOCAL).any()
    assert rows.tobytes() == before


def test_behind_the_tape_is_an_end_that_is_never_reached():
    fed = Feed(tape_rows([(EXCHANGE, 1)]))
    assert fed.begin(5_000) == FOREVER_NS
    assert fed._rows["exch_ts"][-1] == FOREVER_NS
    assert fed._rows["ev"][-1] == TRADE | EXCHANGE


def test_a_moment_that_is_ready_needs_no_further_rows(monkeypatch):
    monkeypatch.setattr(feed, "_AT_ONCE", 2)
    fed = Feed(tape_rows([(EXCHANGE, 10)] * 6))
    # Rows at 1010, 1020 | 1030, 1040 | 1050, 1060: 1015 is before the last of the first two.
    assert fed.begin(1_000) == 1_040
    assert fed.go_on(1_010, 1_039) == 1_040
    assert fed.go_on(1_010, 1_040) == FOREVER_NS


def test_rows_behind_one_that_is_out_of_order_stay_until_it_was_read(monkeypatch):
    """The engine waits at 2000 while the 200 rows behind it, all of one piece, are long due."""
    monkeypatch.setattr(feed, "_AT_ONCE", 128)
    rows = tape_rows([(EXCHANGE, 1)] * 40 + [(EXCHANGE, 960)] + [(EXCHANGE, -990)] + [(EXCHANGE, 0)] * 200)
    fed = Feed(rows)
    fed.begin(1_000)
    engine = Engine(fed)
    for until_ns in (1_040, 1_500, 1_999, 2_000):
        fed.go_on(engine.now_ns, until_ns)
        engine.wait(until_ns)
    assert engine.read == rows["px"].astype(int).tolist()


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_an_episode_is_the_same_however_it_is_fed(strategy, quoting, market, limits, monkeypatch, at_once):
    tape = tape_of(Venue(market, limits, "lockdown"), 3)
    told = [play(strategy(quoting), tape, market, limits)]
    monkeypatch.setattr(feed, "_AT_ONCE", at_once)
    told.append(play(strategy(quoting), tape, market, limits))
    assert told[0].digest == told[1].digest
    assert len(told[0].orders) > 0
    assert told[0].marks.tobytes() == told[1].marks.tobytes()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which pages of a mapping are memory")
def test_only_what_is_around_now_is_memory():
    """Of 20 MiB of rows never more than what a stride of 1,000 is in: two pieces, and the ends' pages."""
    fed = Feed(tape_rows([(EXCHANGE, 1)] * 330_000))
    fed.begin(1_000)
    held = []
    for now_ns in range(1_000, 331_000, 1_000):
        fed.go_on(now_ns, now_ns + 1_000)
        held.append(resident(fed.address, fed.length * EVENT.itemsize))
    assert max(held) <= 2 * 4_096 * EVENT.itemsize + 2 * mmap.PAGESIZE


def resident(address, length):
    """Bytes of a mapping that are memory."""
    with Path("/proc/self/pagemap").open("rb") as pages:
        pages.seek(address // mmap.PAGESIZE * 8)
        entries = np.frombuffer(pages.read(-(-length // mmap.PAGESIZE) * 8), np.uint64)
    return int((entries >> np.uint64(63)).sum()) * mmap.PAGESIZE
