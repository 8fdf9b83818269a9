"""Journals in the store: the same journals come out, and so the same metrics."""

import shutil
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop.agents.keeping import kept
from alphaloop.errors import BadTape, Broken, Misuse, Untrusted
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.journal import CANCEL, FILL, FUNDING, MARK, MID, ORDER, SUBMIT, Attribution, Journal
from alphaloop.market.metrics.record import record
from alphaloop.market.store.headline import HEADLINE_TYPES
from alphaloop.market.store.journals import EVENTS, journals_in, keep_journals
from alphaloop.market.store.layout import generation
from alphaloop.market.store.reader import sources
from alphaloop.market.tape import Channel, Tape
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

RUN = {"by": "test", "seed": 1}
MIDNIGHT = 86_400_000_000_000 * 19_000
APART = {"tick_to_trade_ms", "refusals", "channels", "instrument", "attribution", "outages_ns"}
QUOTER = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        pass

    def on_book(self, book):
        away = book.mid * 3e-4
        return [Quote("buy", book.mid - away, 0.5), Quote("sell", book.mid + away, 50.0)]
"""


def same(one: Journal, other: Journal, but: tuple[str, ...] = ()) -> None:
    """Every field is equal, dtypes too."""
    for field in fields(Journal):
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if field.name in but:
            continue
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, its)
            assert mine.dtype == its.dtype
        elif field.name == "channels":
            assert [channel.name for channel in mine] == [channel.name for channel in its]
            for left, right in zip(mine, its, strict=True):
                np.testing.assert_array_equal(left.times_ns, right.times_ns)
                np.testing.assert_array_equal(left.values, right.values)
        else:
            assert mine == its, field.name


NUMBERS = st.floats(-1e12, 1e12)
TIMES = st.integers(MIDNIGHT - 10, MIDNIGHT + 10)


def events(dtype: np.dtype) -> st.SearchStrategy[np.ndarray]:
    columns = [
        TIMES
        if name.endswith("_ns")
        else st.integers(-(2**62), 2**62)
        if dtype[name].kind == "i"
        else NUMBERS
        for name in dtype.names
    ]
    return st.lists(st.tuples(*columns), max_size=6).map(lambda listed: np.array(listed, dtype))


REFUSALS = st.lists(
    st.builds(
        Refusal, st.text(max_size=9), st.sampled_from(Cause), st.none() | NUMBERS, st.none() | NUMBERS, TIMES
    ),
    max_size=4,
).map(tuple)
CHANNELS = st.lists(
    st.tuples(st.sampled_from(["mark", "index", "funding"]), st.lists(st.tuples(TIMES, NUMBERS), max_size=3)),
    max_size=2,
).map(
    lambda told: tuple(
        Channel(name, np.array([t for t, _ in pairs], np.int64), np.array([v for _, v in pairs], np.float64))
        for name, pairs in told
    )
)
JOURNALS = st.builds(
    Journal,
    instrument=st.just(Instrument("TEST", 0.01, 0.1, 0.0, 0.0, True, 0.01)),
    capital=NUMBERS,
    gamma=NUMBERS,
    sigma=st.none() | NUMBERS,
    max_position=NUMBERS,
    start_ns=TIMES,
    end_ns=TIMES,
    fills=events(FILL),
    marks=events(MARK),
    mids=events(MID),
    attribution=st.builds(Attribution, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    decisions=st.integers(0, 2**40),
    refusals=REFUSALS,
    tick_to_trade_ms=st.lists(NUMBERS, max_size=4).map(lambda listed: np.array(listed, np.float64)),
    breach=st.text(max_size=9),
    fault=st.text(max_size=9),
    digest=st.just("sha256:0"),
    orders=events(ORDER),
    funding=events(FUNDING),
    channels=CHANNELS,
    outages_ns=st.lists(st.tuples(TIMES, TIMES), max_size=2).map(tuple),
    messages_per_second=st.none() | NUMBERS,
)


@given(st.lists(JOURNALS, min_size=1, max_size=3))
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_the_journals_that_were_put_in_always_come_out(tmp_path_factory, journals):
    store = tmp_path_factory.mktemp("store")
    keep_journals(store, journals, "simulated", RUN)
    (source,) = sources(store, "journals")
    for put, back in zip(journals, journals_in(store, source), strict=True):
        same(put, back)
    shutil.rmtree(store)


def played() -> tuple[Journal, ...]:
    limits = Limits(10.0, 5.0, 1_000.0, 3.0, 0.2, 200.0, 3, 100.0, 0.0, 200.0)
    market = Market(Instrument("PLAY", 0.01, 0.001, 2.0, 5.0), 10_000.0, 1e-4, 20.0, WorldSpec("book"))
    venue = Venue(market, limits, "lockdown")
    return tuple(play_source(QUOTER, tape_of(venue, seed), venue) for seed in (1, 2))


def test_every_metric_from_the_store_equals_that_from_memory(tmp_path):
    journals = played()
    assert all(len(journal.fills) and len(journal.refusals) for journal in journals)
    keep_journals(tmp_path, journals, "simulated", RUN)
    (source,) = sources(tmp_path)
    assert record(journals_in(tmp_path, source), (), 7) == record(journals, (), 7)


def test_a_run_played_twice_is_kept_once_however_fast_it_was(tmp_path, journal_of):
    slow = journal_of(tick_to_trade_ms=np.array([9.0]))
    fast = replace(slow, tick_to_trade_ms=np.array([1.0]))
    first = keep_journals(tmp_path, [slow], "simulated", RUN)
    assert keep_journals(tmp_path, [fast], "simulated", RUN) == replace(first, new=False)
    same(journals_in(tmp_path, sources(tmp_path)[0])[0], slow)
    assert keep_journals(tmp_path, [fast], "simulated", {"by": "another"}).new


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Journal) if field.name != "tick_to_trade_ms"]
)
def test_a_run_that_differs_in_any_fact_is_another_run(tmp_path, journal_of, field):
    others = {
        "instrument": Instrument("TEST", 0.02, 0.1, 0.0, 0.0),
        "attribution": Attribution(1.0, 0.0, 0.0, 0.0),
        "refusals": (Refusal("collar", Cause.OWN, 1.0, 2.0, 3),),
        "channels": (Channel("mark", np.array([1]), np.array([2.0])),),
        "outages_ns": ((1, 2),),
        "orders": np.array([(1, 1, SUBMIT, 1, 5, 5), (2, 1, CANCEL, 1, 5, 5)], ORDER),
        "fills": np.ones(1, FILL),
        "marks": np.ones(1, MARK),
        "mids": np.ones(1, MID),
        "funding": np.ones(1, FUNDING),
        "sigma": None,
        "breach": "drawdown",
        "fault": "nan",
        "digest": "sha256:1",
    }
    one = journal_of()
    other = replace(one, **{field: others.get(field, 7)})
    keys = {keep_journals(tmp_path, [journal], "simulated", RUN).key for journal in (one, other)}
    assert len(keys) == 2


def test_the_schema_knows_every_field():
    """Whoever adds a field to these keeps it in the store too, and thinks about stores that lack it."""
    plain = {field.name for field in fields(Journal)} - APART - {field for field, _, _ in EVENTS.values()}
    nested = {f"instrument_{field.name}" for field in fields(Instrument)}
    nested |= {f"attribution_{field.name}" for field in fields(Attribution)}
    assert set(HEADLINE_TYPES) == plain | nested | {"outages_ns", "channels"}
    in_tape = {"events", "latency", "name", "venue", "instrument", "channels", "gaps_ns", "sequence_gaps"}
    in_tape |= {"clock_shift_ns", "sigma", "lottery", "outages_ns", "rounds_ns"}
    assert {field.name for field in fields(Tape)} == in_tape


def test_journals_of_two_instruments_or_of_none_are_refused(tmp_path, journal_of):
    other = journal_of(instrument=Instrument("OTHER", 1.0, 1.0, 0.0, 0.0))
    with pytest.raises(Misuse, match=r"OTHER, TEST: keep those of one instrument"):
        keep_journals(tmp_path / "store", [journal_of(), other], "simulated", RUN)
    with pytest.raises(Misuse, match="nothing to keep"):
        keep_journals(tmp_path / "store", [], "simulated", RUN)
    with pytest.raises(BadTape, match="no venue"):
        keep_journals(tmp_path / "store", [other], "", RUN)
    with pytest.raises(Broken, match="a number that is none"):
        keep_journals(tmp_path / "store", [journal_of(capital=float("nan"))], "simulated", RUN)
    assert not (tmp_path / "store").exists()


def test_a_journal_that_somebody_changed_is_never_a_journal(tmp_path, journal_of):
    for place, lots in enumerate((1, 2)):
        fills = [(1.0, 1, 5, lots, 1.0, 1.0)]
        keep_journals(tmp_path / str(place), [journal_of(fills=fills)], "simulated", RUN)
    mine, its = (next(generation(tmp_path / str(place)).rglob("kind=fills/rows.parquet")) for place in (0, 1))
    shutil.copy(its, mine)
    with pytest.raises(Untrusted, match="other journals than were put in"):
        journals_in(tmp_path / "0", sources(tmp_path / "0")[0])
    mine.unlink()
    with pytest.raises(Untrusted):
        journals_in(tmp_path / "0", sources(tmp_path / "0")[0])


def test_keeping_what_was_played_never_stops_the_desk(leaning, copied, sit, journal_of):
    folder = copied(leaning)
    said: list[str] = []
    desk = sit(folder, said)
    kept(desk, [journal_of()], RUN)
    assert (said, len(sources(desk.store))) == ([], 1)
    kept(replace(desk, rehearsal=True), [journal_of()], {"by": "a dry run"})
    assert len(sources(desk.store)) == 1
    (desk.store / "v99").mkdir()
    kept(desk, [journal_of()], {"by": "another"})
    assert said[0].startswith("these journals are not kept: ")
    assert "newer AlphaLoop" in said[0]


def test_reports_and_journals_are_all_that_a_record_needs(tmp_path, journal_of):
    numbers = {field.name: 3 for field in fields(IngestReport) if field.type is int}
    report = IngestReport(source="a", first_fault="", span_s=1.0, quarantined_lines=(), **numbers)
    keep_journals(tmp_path, [journal_of(marks=[(0, 0, 1000.0), (9, 0, 1001.0)])], "simulated", RUN)
    (back,) = journals_in(tmp_path, sources(tmp_path)[0])
    found = {metric.name: metric.value for metric in record((back,), (), 0, (report,)).metrics}
    straight = {metric.name: metric.value for metric in record((), (), 0, (report,)).metrics}
    assert (found["sequence_gaps"], found["pnl"]) == (straight["sequence_gaps"], 1.0)
    assert straight["sequence_gaps"] is not None
