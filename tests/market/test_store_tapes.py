"""Tapes in the store: the same tape comes out, once, as a whole, for the span that was asked for."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop.errors import BadTape, Misuse, Untrusted
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest.event_order import refuse_disorder
from alphaloop.market.ingest.report import Basis, IngestReport
from alphaloop.market.replay import touches
from alphaloop.market.rows import BOTH, rows
from alphaloop.market.store.layout import generation
from alphaloop.market.store.reader import source_named, sources
from alphaloop.market.store.recorded import report_of, tape
from alphaloop.market.store.spans import between, joined
from alphaloop.market.store.tapes import keep_tape, tape_in
from alphaloop.market.store.writer import forget
from alphaloop.market.tape import BUY, DEPTH, LATENCY, SELL, TRADE, Channel, Tape
from alphaloop.market.worlds import make

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
NOON = 19_000 * DAY + DAY // 2
INSTRUMENT = Instrument("BTCUSDT", 0.1, 0.001, 2.0, 5.0)


def small_tape(start_ns: int = NOON, **changes: object) -> Tape:
    """A book of one level a side, a trade a second later, then the bid moves up by a tick."""
    ev = [DEPTH | BUY | BOTH, DEPTH | SELL | BOTH, TRADE | SELL | BOTH, DEPTH | BUY | BOTH]
    times = np.array([0, 0, 1, 2]) * SECOND + start_ns
    events = rows(ev, times, times + 5_000_000, [100.0, 100.2, 100.0, 100.1], [1.0, 2.0, 0.5, 3.0])
    latency = np.array([(start_ns, start_ns + 10, start_ns + 20, 0)], LATENCY)
    return replace(Tape("small", INSTRUMENT, events, latency, venue="binance-usdm"), **changes)


def same(one: Tape, other: Tape) -> None:
    """Everything is equal, not only what the digest covers."""
    for field in fields(Tape):
        mine, its = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, its)
            assert mine.dtype == its.dtype
        elif field.name == "channels":
            assert [channel.name for channel in mine] == [channel.name for channel in its]
            for left, right in zip(mine, its, strict=True):
                np.testing.assert_array_equal(left.times_ns, right.times_ns)
                np.testing.assert_array_equal(left.values, right.values)
        elif field.name == "lottery" and mine is not None:
            np.testing.assert_array_equal(mine.draws, its.draws)
            assert (mine.step_ns, mine.at_mid, mine.decay) == (its.step_ns, its.at_mid, its.decay)
        else:
            assert mine == its, field.name


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under `folder`, but the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


TIMES = st.integers(-DAY, DAY)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from([DEPTH | BUY, DEPTH | SELL, TRADE | BUY, TRADE | SELL]),
        TIMES,
        st.integers(0, 10**6),
        st.integers(1, 10**9),
        st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=30,
)
CHANNELS = st.lists(
    st.tuples(
        st.sampled_from(["mark", "index", "funding", "clock_skew"]),
        st.lists(st.tuples(TIMES, st.floats(allow_nan=False)), max_size=5),
    ),
    max_size=3,
    unique_by=lambda channel: channel[0],
)
SPANS = st.lists(st.tuples(TIMES, TIMES), max_size=3).map(tuple)


@given(EVENTS, st.lists(st.tuples(TIMES, TIMES, TIMES), max_size=5), CHANNELS, SPANS, SPANS, st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_put_in_always_comes_out(tmp_path_factory, events, latency, channels, gaps, outages, data):
    ev, exch, lag, ticks, lots = (np.array(column) for column in zip(*events, strict=True))
    made = rows(ev | BOTH, exch + NOON, exch + NOON + lag, ticks * 0.1, lots * 0.001)
    made["order_id"], made["ival"], made["fval"] = ticks, lots, lag / 3
    put = Tape(
        "any",
        INSTRUMENT,
        made,
        np.array([(a + NOON, b, c, 0) for a, b, c in latency], LATENCY),
        channels=tuple(
            Channel(
                name, np.array([t for t, _ in told], np.int64), np.array([v for _, v in told], np.float64)
            )
            for name, told in channels
        ),
        gaps_ns=gaps,
        outages_ns=outages,
        sequence_gaps=data.draw(st.integers(0, 10**9)),
        clock_shift_ns=data.draw(st.integers(-DAY, DAY)),
        sigma=data.draw(st.none() | st.floats(0, 1e6)),
        rounds_ns=tuple(data.draw(st.lists(TIMES, max_size=3))),
        venue=data.draw(st.sampled_from(["binance-usdm", "a venue/with = signs", "ä"])),
    )
    store = tmp_path_factory.mktemp("store") / "store"
    assert keep_tape(store, put).new
    whole = tape(store, put.venue, "BTCUSDT")
    assert whole.digest() == put.digest()
    same(whole, put)


def test_a_game_comes_back_with_its_lottery(tmp_path):
    game = make(WorldSpec("avellaneda-stoikov"), replace(INSTRUMENT, tick=1e-4), 200.0, 3)
    keep_tape(tmp_path / "store", game)
    (source,) = sources(tmp_path / "store")
    same(tape_in(tmp_path / "store", source), game)


def test_the_same_source_twice_changes_nothing_under_whatever_name(tmp_path):
    first = keep_tape(tmp_path, small_tape())
    before = everything(tmp_path)
    second = keep_tape(tmp_path, small_tape(name="copied.gz"))
    assert (first.new, second.new, second.key) == (True, False, first.key)
    assert everything(tmp_path) == before


def test_two_stores_of_the_same_content_have_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        keep_tape(tmp_path / name, small_tape())
        keep_tape(tmp_path / name, small_tape(NOON + DAY))
    assert everything(tmp_path / "one") == everything(tmp_path / "other")


def test_rows_lie_by_venue_symbol_day_and_kind(tmp_path):
    over_midnight = small_tape(19_000 * DAY - SECOND)
    key = keep_tape(tmp_path, over_midnight).key
    folder = generation(tmp_path) / f"source={key}" / "venue=binance-usdm" / "symbol=BTCUSDT"
    # Rows at −1, −1, 0 and 1 s from midnight: a book and nothing else before, a trade and a book row after.
    # 19,000 days after 1 January 1970 is 8 January 2022.
    found = sorted(str(path.parent.relative_to(folder)) for path in folder.rglob("rows.parquet"))
    assert found == [
        "day=2022-01-07/kind=book",
        "day=2022-01-07/kind=latency",
        "day=2022-01-08/kind=book",
        "day=2022-01-08/kind=trades",
    ]
    same(tape(tmp_path, "binance-usdm", "BTCUSDT"), over_midnight)


def test_a_span_begins_with_the_whole_book_and_ends_before_its_end():
    whole = small_tape(gaps_ns=((NOON, NOON + 2 * SECOND),), rounds_ns=(NOON, NOON + SECOND))
    cut = between(whole, NOON + SECOND, NOON + 2 * SECOND)
    # Both levels as they stood, then the trade; the bid at 2 s is not before the end.
    assert cut.events["px"].tolist() == [100.0, 100.2, 100.0]
    assert cut.events["exch_ts"].tolist() == [NOON + SECOND] * 3
    assert cut.gaps_ns == ((NOON + SECOND, NOON + 2 * SECOND),)
    assert cut.rounds_ns == (NOON + SECOND,)


@given(st.integers(0, 55), st.integers(2, 60))
@settings(max_examples=15)
def test_a_span_always_shows_the_touch_that_the_whole_tape_shows(start, length):
    whole = WORLD
    from_ns = whole.start_ns + start * SECOND
    cut = touches(between(whole, from_ns, from_ns + length * SECOND))
    full = touches(whole)
    inside = (full.times_ns > from_ns) & (full.times_ns < from_ns + length * SECOND)
    mine = cut.times_ns > from_ns
    np.testing.assert_array_equal(cut.bid[mine], full.bid[inside])
    np.testing.assert_array_equal(cut.ask_lots[mine], full.ask_lots[inside])


WORLD = make(WorldSpec("book"), replace(INSTRUMENT, symbol="W"), 60.0, 1)


def test_sources_that_follow_one_another_are_one_tape_with_a_gap(tmp_path):
    early, late = small_tape(), small_tape(NOON + 60 * SECOND, sequence_gaps=2)
    mark = Channel("mark", np.array([NOON + 60 * SECOND]), np.array([7.0]))
    for one in (replace(late, channels=(mark,)), early):
        keep_tape(tmp_path, one)
    both = tape(tmp_path, "binance-usdm", "BTCUSDT")
    # From the last exchange time of the first to the first receipt of the second.
    assert both.gaps_ns == ((NOON + 2 * SECOND, NOON + 60 * SECOND + 5_000_000),)
    assert (both.sequence_gaps, len(both.latency), both.channels[0].values.tolist()) == (2, 2, [7.0])
    refuse_disorder(both.events, both.name)
    seen = touches(both)
    # Bid 100.1 of the first tape is gone when the second begins with bid 100.0.
    assert seen.bid.tolist() == [1000, 1001, 1000, 1001]
    cut = tape(tmp_path, "binance-usdm", "BTCUSDT", NOON + 59 * SECOND, NOON + 62 * SECOND)
    assert touches(cut).bid.tolist() == [1000]


def test_two_tapes_of_the_same_time_are_never_mixed(tmp_path):
    keys = [keep_tape(tmp_path, small_tape(clock_shift_ns=shift)).key for shift in (0, 5)]
    with pytest.raises(BadTape, match="two tapes of BTCUSDT on binance-usdm for the same time: name one"):
        tape(tmp_path, "binance-usdm", "BTCUSDT")
    assert tape(tmp_path, "binance-usdm", "BTCUSDT", key=keys[1][:12]).clock_shift_ns == 5
    forget(tmp_path, keys[1])
    assert tape(tmp_path, "binance-usdm", "BTCUSDT").clock_shift_ns == 0


def test_tapes_of_different_ticks_or_crossed_clocks_are_not_joined():
    with pytest.raises(BadTape, match="different markets"):
        joined(small_tape(), small_tape(NOON + DAY, instrument=replace(INSTRUMENT, tick=0.2)))
    slow = small_tape()
    slow.events["local_ts"] += DAY
    with pytest.raises(BadTape, match="begins before small is over"):
        joined(slow, small_tape(NOON + 60 * SECOND))


def test_what_is_not_there_is_said_with_the_way_to_get_it(tmp_path):
    with pytest.raises(BadTape, match=r"no tape of BTCUSDT on binance-usdm at all: .*alphaloop ingest"):
        tape(tmp_path / "none", "binance-usdm", "BTCUSDT")
    assert not (tmp_path / "none").exists()
    keep_tape(tmp_path, small_tape())
    with pytest.raises(BadTape, match="in that span"):
        tape(tmp_path, "binance-usdm", "BTCUSDT", NOON + DAY)
    with pytest.raises(BadTape, match="nothing happened"):
        tape(tmp_path, "binance-usdm", "BTCUSDT", NOON + 1, NOON + 2)
    with pytest.raises(Misuse, match="begins the key of 0 sources"):
        source_named(tmp_path, "zz")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"venue": ""}, "no venue"),
        ({"venue": "x" * 65}, "no venue"),
        ({"instrument": replace(INSTRUMENT, symbol="a\nb")}, "no symbol"),
        ({"channels": (Channel("../up", np.zeros(0, np.int64), np.zeros(0)),)}, "no name of a side channel"),
        ({"channels": (Channel("mark", np.zeros(0, np.int64), np.zeros(0)),) * 2}, "have one name"),
    ],
)
def test_a_name_that_cannot_have_a_place_is_refused_before_anything_is_written(tmp_path, wrong, words):
    with pytest.raises(BadTape, match=words):
        keep_tape(tmp_path / "store", small_tape(**wrong))
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("symbol", ["..", "../../etc", "a/b", "BTC'; DROP", "venue=x", "%2e%2e", "币安"])
def test_whatever_a_symbol_is_called_it_stays_in_the_store(tmp_path, symbol):
    put = small_tape(instrument=replace(INSTRUMENT, symbol=symbol))
    keep_tape(tmp_path / "store", put)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    same(tape(tmp_path / "store", "binance-usdm", symbol), put)


def test_times_of_thousands_of_days_are_no_times(tmp_path):
    wild = small_tape()
    wild = replace(wild, events=np.repeat(wild.events, 2_000))
    wild.events["exch_ts"] = np.arange(8_000) * DAY
    with pytest.raises(BadTape, match="fall on 6000 days"):
        keep_tape(tmp_path, wild)
    assert sources(tmp_path) == []


def test_rows_that_somebody_changed_are_never_a_tape(tmp_path):
    key = keep_tape(tmp_path, small_tape()).key
    other = keep_tape(tmp_path / "other", small_tape(NOON + SECOND)).key
    mine, its = (
        sorted((generation(at) / f"source={name}").rglob("kind=book/rows.parquet"))[0]
        for at, name in ((tmp_path, key), (tmp_path / "other", other))
    )
    kept = mine.read_bytes()
    for wrong in (its.read_bytes(), kept[: len(kept) // 2], b""):
        mine.write_bytes(wrong)
        with pytest.raises(Untrusted, match="remove"):
            tape(tmp_path, "binance-usdm", "BTCUSDT")
    mine.unlink()
    with pytest.raises(Untrusted, match="remove"):
        tape(tmp_path, "binance-usdm", "BTCUSDT")


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"key": "0", "parts": [3]}'])
def test_an_about_that_says_nothing_is_refused_with_its_place(tmp_path, damage):
    key = keep_tape(tmp_path, small_tape()).key
    about = generation(tmp_path) / f"source={key}" / "about.json"
    about.write_bytes(damage)
    with pytest.raises(Untrusted, match=r"about\.json does not say what lies beside it"):
        sources(tmp_path)


def test_facts_of_another_source_do_not_pass_for_this_one(tmp_path):
    key = keep_tape(tmp_path, small_tape()).key
    about = generation(tmp_path) / f"source={key}" / "about.json"
    for name, value in (
        ("gaps_ns", 3),
        ("instrument", {}),
        ("channels", ["mark"] * 2),
        ("digest", "sha256:0"),
    ):
        told = json.loads(about.read_bytes())
        told["facts"][name] = value
        about.write_text(json.dumps(told))
        with pytest.raises(Untrusted):
            tape(tmp_path, "binance-usdm", "BTCUSDT")
        del told["facts"][name]
        about.write_text(json.dumps(told))
        with pytest.raises(Untrusted):
            tape(tmp_path, "binance-usdm", "BTCUSDT")


def test_the_report_of_a_recording_is_kept_beside_its_tape(tmp_path):
    numbers = {field.name: 1 for field in fields(IngestReport) if field.type is int}
    report = IngestReport(
        source="a.gz",
        first_fault="none",
        span_s=2.5,
        quarantined_lines=("a.gz:7",),
        basis=Basis(1.0, 2.0, 3, "its own"),
        **numbers,
    )
    key = keep_tape(tmp_path, small_tape(), report).key
    keep_tape(tmp_path, small_tape(NOON + DAY))
    assert report_of(source_named(tmp_path, key)) == report
    assert [report_of(source) for source in sources(tmp_path)][1] is None
