"""SQL over the store: the views say what was kept, and a query can do no harm."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.errors import Misuse
from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.journal import CANCEL, FUNDING, ORDER, SUBMIT
from alphaloop.market.rows import BOTH, rows
from alphaloop.market.store.ask import ask
from alphaloop.market.store.journals import keep_journals
from alphaloop.market.store.tapes import keep_tape
from alphaloop.market.store.views import views
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, LATENCY, LOCAL, SELL, TRADE, Channel, Tape

SECOND = 1_000_000_000
NOON = 1_641_556_800 * SECOND


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A small tape of which one trade is split over the two clocks, and a journal of two orders."""
    ev = [DEPTH | BUY | BOTH, DEPTH | SELL | BOTH, TRADE | SELL | EXCHANGE, TRADE | SELL | LOCAL]
    times = np.array([0, 0, 1, 2]) * SECOND + NOON
    events = rows(ev, times, times, [100.0, 100.2, 100.0, 100.0], [1.0, 2.0, 0.5, 0.5])
    mark = Channel("mark", np.array([NOON]), np.array([100.1]))
    folder = tmp_path_factory.mktemp("store")
    instrument = Instrument("BTCUSDT", 0.1, 0.001, 2.0, 5.0)
    gaps = ((NOON, NOON + 5),)
    tape = Tape("t", instrument, events, np.zeros(0, LATENCY), (mark,), gaps, 2, venue="binance-usdm")
    keep_tape(folder, tape)
    return folder


@pytest.fixture
def with_journal(store, journal_of):
    orders = np.array(
        [(1, 1, SUBMIT, 1, 500, 20), (2, 1, CANCEL, 1, 500, 20), (3, 2, SUBMIT, -1, 600, 5)], ORDER
    )
    journal = journal_of(
        fills=[(1.0, 1, 500, 20, 5.1, 5.05)],
        marks=[(0.0, 0, 1000.0), (1.0, 20, 1000.0), (1.0, 20, 1001.0), (2.0, 15, 1002.0)],
        funding=np.array([(5, 0.01, 5.0, -0.1)], FUNDING),
        refusals=(Refusal("collar", Cause.OWN, None, 2.0, 3),),
        sigma=None,
    )
    keep_journals(store, [replace(journal, orders=orders)], "simulated", {"by": "test"})
    return store


def test_ticks_and_trades_are_what_the_exchange_saw_each_once(store):
    ticks = ask(
        store, "SELECT time_ns, event, side, price, size, symbol, venue, CAST(time AS VARCHAR) FROM ticks"
    )
    assert [row[:5] for row in ticks.rows] == [
        (NOON, "depth", "bid", 100.0, 1.0),
        (NOON, "depth", "ask", 100.2, 2.0),
    ]
    assert ticks.rows[0][5:] == ("BTCUSDT", "binance-usdm", "2022-01-07 12:00:00")
    trades = ask(store, "SELECT time_ns, side, price, size, day FROM trades")
    assert trades.rows == ((NOON + SECOND, "sell", 100.0, 0.5, "2022-01-07"),)
    assert ask(store, "SELECT channel, value FROM channels").rows == (("mark", 100.1),)
    assert ask(store, "SELECT start_ns, end_ns FROM gaps").rows == ((NOON, NOON + 5),)
    told = ask(store, "SELECT what, origin, sequence_gaps FROM sources WHERE what = 'tape'")
    assert told.rows == (("tape", "t", 2),)


def test_orders_fills_positions_and_account_are_in_units_that_people_use(with_journal):
    # Tick 0.01 and lot 0.1: 500 ticks are 5.00, 20 lots are 2.0.
    orders = ask(
        with_journal, 'SELECT time_ns, "order", verb, side, price, size FROM orders ORDER BY time_ns'
    )
    assert orders.rows == (
        (1, 1, "submit", "buy", 5.0, 2.0),
        (2, 1, "cancel", "buy", 5.0, 2.0),
        (3, 2, "submit", "sell", 6.0, 0.5),
    )
    fills = ask(with_journal, "SELECT side, price, size, mid, decision_mid, fee FROM fills")
    assert fills.rows == (("buy", 5.0, 2.0, 5.1, 5.05, 0.0),)
    account = ask(with_journal, "SELECT position, equity FROM account ORDER BY equity, position")
    assert account.rows == ((0.0, 1000.0), (2.0, 1000.0), (2.0, 1001.0), (1.5, 1002.0))
    # The position changes twice after it is first known.
    assert ask(with_journal, "SELECT position FROM positions ORDER BY time_ns").rows == (
        (0.0,),
        (2.0,),
        (1.5,),
    )
    assert ask(with_journal, "SELECT rule, cause, value FROM refusals").rows == (("collar", "own", None),)
    assert ask(with_journal, "SELECT received FROM settlements").rows == ((-0.1,),)
    assert ask(with_journal, "SELECT capital, sigma, symbol FROM episodes").rows == ((1000.0, None, "TEST"),)


def test_every_view_is_there_before_anything_is_in_it(tmp_path):
    names = [statement.split()[2] for statement in views()]
    assert {"ticks", "trades", "orders", "fills", "positions", "account"} <= set(names)
    union = " UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM {name}" for name in (*names, "sources", "gaps")
    )
    assert {count for _, count in ask(tmp_path / "none", union).rows} == {0}
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT 1; SELECT 2",
        "COPY (SELECT 1) TO '{out}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'",
        "COPY (SELECT 1) TO '{kept}' (USE_TMP_FILE false)",
        "ATTACH '{out}'",
        "EXPORT DATABASE '{out}'",
        "INSTALL httpfs",
        "SET memory_limit = '100GB'",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "CREATE TABLE x AS SELECT 1",
        "DELETE FROM sources",
        "DROP VIEW ticks",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_blob('{kept}/../../../../../../../../{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_csv('/dev/stdin')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')",
        "SELECT * FROM query('COPY (SELECT 1) TO ''{out}''')",
        "WITH x AS (INSERT INTO ticks VALUES (1) RETURNING 1) SELECT * FROM x",
        "FROM question",
    ],
)
def test_a_query_reads_no_file_and_writes_nothing(store, tmp_path, sql):
    secret, out = tmp_path / "secret.csv", tmp_path / "out.csv"
    secret.write_text("a\nsecret\n")
    kept = next(store.rglob("kind=book/rows.parquet"))
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    with pytest.raises(Misuse, match="the query cannot be answered") as refused:
        ask(store, sql.format(secret=secret, out=out, kept=kept, folder=tmp_path))
    assert "secret\n" not in str(refused.value).replace(str(secret), "")
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_rows_cells_memory_and_time_are_bounded(store):
    few = ask(store, "SELECT * FROM range(1000000000000)", most_rows=3)
    assert (few.rows, few.cut) == (((0,), (1,), (2,)), True)
    assert not ask(store, "SELECT * FROM range(3)", most_rows=3).cut
    (long,) = ask(store, "SELECT repeat('x', 5000)").rows[0]
    assert len(long) == 1_001
    with pytest.raises(Misuse, match="Out of Memory"):
        ask(store, "SELECT repeat('x', 3000000000)")
    with pytest.raises(Misuse, match=r"took over 0\.5 s"):
        ask(store, "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", wall_s=0.5)


def test_a_number_that_is_none_is_missing_and_other_values_are_texts(store):
    answer = ask(
        store, "SELECT 'nan'::DOUBLE, 1 / 0, DATE '2020-01-02', [1, 2], 2::HUGEINT, TRUE, 1.50::DECIMAL(4, 2)"
    )
    assert answer.rows == ((None, None, "2020-01-02", "[1, 2]", 2, True, "1.50"),)
