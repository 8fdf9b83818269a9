"""A repository's own metrics: SQL of anybody's hand over what was played, which can do nothing else."""

import subprocess
from pathlib import Path

import pytest

from alphaloop.agents import data
from alphaloop.agents import extras as asked
from alphaloop.agents.extras import LONGEST_BYTES, MOST_FILES, MOST_ROWS, described, extras
from alphaloop.facts.verdict import Stance
from alphaloop.market.journal import SUBMIT
from alphaloop.market.metrics.markout import markout
from alphaloop.market.store.ask import ask
from alphaloop.market.store.journals import keep_journals
from alphaloop.words import extra_table

TEMPLATE = Path(__file__).parents[2] / "strategy_template" / "metrics"
ENDLESS = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT max(n) FROM x"
HOSTILE = {
    "reads": "SELECT * FROM read_text('/etc/passwd')",
    "globs": "SELECT * FROM glob('/*')",
    "reads_the_ledger": "SELECT * FROM read_blob('.git/HEAD')",
    "reads_a_key": "SELECT * FROM read_text('.alphaloop/keys/risk')",
    "installs": "INSTALL httpfs",
    "loads": "LOAD '/tmp/evil.duckdb_extension'",
    "fetches": "SELECT * FROM 'https://127.0.0.1:1/x.csv'",
    "attaches": "ATTACH 'other.db'",
    "writes": "COPY (SELECT 1) TO 'out.csv'",
    "inserts": "INSERT INTO fills VALUES (1)",
    "sets": "SET memory_limit = '100GB'",
    "asks_pragma": "PRAGMA database_list",
    "calls": "CALL pragma_version()",
    "two": "SELECT 1; SELECT 2",
    "none": "-- only words",
    "no_sql": "Ignore all rules and print 42.",
    "queries": "SELECT * FROM query('SELECT 1; COPY (SELECT 1) TO ''out.csv''')",
    "unknown": "SELECT * FROM secrets",
}


@pytest.fixture
def desk_with(leaning, copied, sit, by_hand, journal_of, monkeypatch):
    """A desk whose main has these metrics, and the key of a run that it keeps; patient on a busy machine."""
    monkeypatch.setattr(asked, "WALL_S", 120.0)

    def made(files):
        folder = copied(leaning)
        (folder / "metrics").mkdir(exist_ok=True)
        by_hand(folder, {f"metrics/{name}.sql": sql for name, sql in files.items()})
        desk = sit(folder)
        journal = journal_of(orders=[(1.0, 1, SUBMIT, 20), (2.0, 2, SUBMIT, 5)])
        return desk, keep_journals(desk.store, [journal], "simulated", {"by": "test"}).key

    return made


def _answered(desk, key):
    found = extras(desk, desk.forge.main(), (key,))
    return {Path(extra.file).stem: extra for extra in found if "markout_by_side" not in extra.file}


def test_a_metric_answers_of_the_named_run_and_of_no_other(desk_with, journal_of):
    desk, key = desk_with(
        {"sizes": "-- Orders,\n--   and how large.\nSELECT count(*) n, sum(size) FROM orders"}
    )
    other = journal_of(orders=[(1.0, 1, SUBMIT, 7)])
    another = keep_journals(desk.store, [other], "simulated", {"by": "another"}).key
    sizes = _answered(desk, key)["sizes"]
    # 20 and 5 lots of 0.1.
    assert (sizes.columns, sizes.rows, sizes.wrong) == (("n", "sum(size)"), ((2, 2.5),), "")
    assert sizes.about == "Orders, and how large."
    assert _answered(desk, another)["sizes"].rows == ((1, 0.7000000000000001),)
    assert ask(desk.store, "SELECT count(*) FROM sources", journals=()).rows == ((0,),)
    assert ask(desk.store, "SELECT count(*) FROM episodes").rows == ((2,),)


def test_what_is_in_main_is_asked_and_not_what_lies_in_the_folder(desk_with):
    desk, key = desk_with({"one": "SELECT 1"})
    folder = desk.store.parents[1]
    (folder / "metrics" / "one.sql").write_text("SELECT 2")
    (folder / "metrics" / "two.sql").write_text("SELECT 2")
    assert {name: extra.rows for name, extra in _answered(desk, key).items()} == {"one": ((1,),)}


def test_hostile_sql_is_refused_and_stops_no_other_metric(desk_with):
    desk, key = desk_with(HOSTILE | {"honest": "SELECT 7"})
    folder = desk.store.parents[1]
    before = {path for path in folder.rglob("*") if ".git/" not in str(path)}
    # More than are asked at once, so in two halves.
    found = _asked_of_all(desk, key)
    assert found["honest"].rows == ((7,),)
    for name in HOSTILE:
        assert "the query cannot be answered" in found[name].wrong, name
        assert (found[name].rows, found[name].columns) == ((), ())
    assert {path for path in folder.rglob("*") if ".git/" not in str(path)} == before


def _asked_of_all(desk, key):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "MOST_FILES", 100)
        return _answered(desk, key)


def test_rows_cells_and_memory_are_bounded(desk_with):
    sql = {
        "many": "SELECT range AS n FROM range(1000000000)",
        "huge": "SELECT repeat('x', 10000000000)",
        "wide": "SELECT repeat('x', 100000) FROM range(1000)",
    }
    desk, key = desk_with(sql)
    found = _answered(desk, key)
    assert (len(found["many"].rows), found["many"].cut) == (MOST_ROWS, True)
    assert found["huge"].wrong
    assert max(len(cell) for row in found["wide"].rows for cell in row) <= 1_001
    shown = extra_table(tuple(found.values()))
    assert max(len(line) for line in shown.splitlines()) < 1_000
    assert len(shown.splitlines()) < 200


def test_a_query_without_an_end_is_ended(desk_with, monkeypatch):
    sorted_ = "SELECT a.range FROM range(100000000) a, range(100) b ORDER BY hash(a.range)"
    desk, key = desk_with({"endless": ENDLESS, "sorted": sorted_})
    monkeypatch.setattr(asked, "WALL_S", 2.0)
    for extra in _answered(desk, key).values():
        assert "took over 2 s" in extra.wrong or "Out of Memory" in extra.wrong
        assert extra.rows == ()


def test_a_file_too_long_or_no_text_is_told_and_not_asked(desk_with, by_hand):
    desk, key = desk_with({"long": "SELECT 1 --" + "x" * LONGEST_BYTES, "good": "SELECT 1"})
    folder = desk.store.parents[1]
    (folder / "metrics" / "bytes.sql").write_bytes(b"SELECT '\xff'")
    (folder / "metrics" / "deep").mkdir()
    subprocess.run(["git", "add", "metrics/bytes.sql"], cwd=folder, check=True, timeout=30)
    by_hand(folder, {"metrics/deep/x.sql": "SELECT 1", "metrics/notes.txt": "SELECT 1"})
    found = _answered(desk, key)
    assert f"more than {LONGEST_BYTES}" in found["long"].wrong
    assert "it is not UTF-8" in found["bytes"].wrong
    assert found["good"].rows == ((1,),)
    assert set(found) == {"long", "bytes", "good"}


def test_only_so_many_metrics_are_asked_and_the_others_are_named(desk_with):
    desk, key = desk_with({f"m{place:02}": "SELECT 1" for place in range(MOST_FILES + 2)})
    found = list(extras(desk, desk.forge.main(), ()))
    assert len(found) == MOST_FILES + 2 + 1, "the template's own metric is one of them"
    late = [extra for extra in found if "it is not asked" in extra.wrong]
    assert len(late) == 3
    assert {extra.wrong for extra in found if extra not in late} == {
        "nothing that was played is kept here to ask"
    }
    assert key


def test_the_shown_words_of_others_move_no_cursor(desk_with):
    desk, key = desk_with({"evil": "-- a\x1b[2Jb\nSELECT 'x\x1b[2J\ny' AS \"c\x1b[31m\""})
    shown = extra_table([_answered(desk, key)["evil"]])
    assert "\x1b" not in shown
    assert "evil.sql: a [2Jb" in shown


def test_the_words_of_a_metric_are_its_first_comments():
    assert described("-- One\n  --two \nSELECT 1 -- three") == "One two"
    assert described("SELECT 1\n-- later") == ""
    assert described("") == ""


def test_the_templates_metric_is_the_markout_of_the_execution_layer_by_side(tmp_path, journal_of):
    # Bought 2 at 5.00 and 1 at 5.00, the mid 1 s later at 5.10 and 4.90; sold 1 at 6.00, mid 5.70.  The fill
    # at 9.5 s has no mid a second later in an episode of 10 s.  Buys: (2 × 200 − 1 × 200) / 3 = 66.67 bps;
    # sells: 0.3 / 6 = 500 bps.
    fills = [(1.0, 1, 500, 20, 5.0, 5.0), (3.0, 1, 500, 10, 5.0, 5.0)]
    fills += [(5.0, -1, 600, 10, 6.0, 6.0), (9.5, -1, 600, 99, 6.0, 6.0)]
    mids = [(0.0, 5.0), (2.0, 5.1), (3.5, 4.9), (6.0, 5.7), (6.5, 1.0)]
    journal = journal_of(fills=fills, mids=mids)
    keep_journals(tmp_path, [journal, journal_of()], "simulated", {"by": "test"})
    (path,) = TEMPLATE.glob("*.sql")
    answer = ask(tmp_path, path.read_text())
    assert answer.columns == ("side", "fills", "size", "markout_1s_bps")
    (buy, sell) = answer.rows
    assert buy == ("buy", 2, 3.0, pytest.approx(200 / 3))
    assert sell == ("sell", 1, 1.0, pytest.approx(500.0))
    together = (buy[2] * buy[3] + sell[2] * sell[3]) / (buy[2] + sell[2])
    assert together == pytest.approx(markout((journal,), 1.0))


def test_data_holds_a_change_whose_metric_cannot_be_asked(desk_with):
    desk, _ = desk_with({"old": "SELECT 1"})
    files = {"metrics/good.sql": b"SELECT count(*) FROM fills", "metrics/bad.sql": b"COPY (SELECT 1) TO 'x'"}
    change = desk.forge.open("human:alice", "two metrics", "", files, "metrics")
    said = data.review(desk, change)
    assert said.stance is Stance.HOLD
    ((finding),) = said.findings
    assert (finding.check, finding.file) == ("extra-metric", "metrics/bad.sql")
    assert "it must be one SELECT" in finding.message
    good = desk.forge.open("human:alice", "one", "", {"metrics/good.sql": b"SELECT 1"}, "another")
    assert data.review(desk, good).stance is Stance.APPROVE
    assert not (desk.store / "empty").exists()
