"""A file's own numbers are fed back to it, so that what waits for one of them goes off."""

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.checks.bombs.acts import LONGEST_JUMP_S
from alphaloop.checks.bombs.drill import drilled
from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.puppet import PuppetExchange
from alphaloop.checks.bombs.script import NUMBERS, PERPETUAL, STILL, WATCHED, WILD, Script, scripts, watched
from alphaloop.checks.bombs.stage import START_NS, Beat, staged, warmed_up
from alphaloop.checks.bombs.thresholds import LARGEST_RATE, LIVELY, MOST_COUNT, thresholds
from alphaloop.checks.bombs.watched import watched as play_watched
from alphaloop.checks.measure import Kind, Stressed
from alphaloop.checks.pretrade import pretrade_findings
from alphaloop.checks.stress import RULES
from alphaloop.checks.subject import Subject
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.checks.unreached import unreached_findings
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.facts.order import Event, Side

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
CORPUS = Path(__file__).parents[1] / "corpus"
TEMPLATE = Path(__file__).parents[2] / "strategy_template" / "strategy.py"
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"), ())
# A mid of 100.00 with a spread of 8 ticks, two units at the touch.
GROUND = Ground(MARKET, LIMITS, 9_996, 8, 2_000, 0.02)
PREFIXES = {"stress": "stress.", "surveillance": "surveillance.", "pre-trade": "pretrade."}
with (CORPUS / "manifest.csv").open(encoding="utf-8") as listed:
    ROWS = list(csv.DictReader(listed))
BOMBS = [row for row in ROWS if row["category"] == "time bombs"]
WATCHED_ROWS = [row for row in ROWS if row["category"] == "watched"]
HONEST = ("benign/session_clock", "benign/grid", "houses/twap_unwinder", "houses/volume_clock_ewma")


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


def subject(source: bytes) -> Subject:
    return Subject("strategy.py", source, None, LIMITS)


def strategy(body: str, head: str = "") -> bytes:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return (
        f"{head}\nclass Strategy:\n    MAX_POSITION = 10.0\n\n    def on_book(self, book):\n{lines}".encode()
    )


def met(body: str, head: str = ""):
    return thresholds(subject(strategy(body, head)), GROUND)


def vetoes_of(source: bytes, script: Script, sandbox) -> set[str]:
    run, fault = drilled(source, script, GROUND, sandbox)
    runs = (Stressed(script.name, run, fault, kind=Kind.DRILL),)
    found = [finding for rule in RULES for finding in rule(runs[0], "strategy.py")]
    found += [*surveillance_findings(runs, "strategy.py"), *pretrade_findings(runs, "strategy.py")]
    return {finding.check for finding in vetoes(tuple(found))}


@pytest.mark.parametrize("row", BOMBS, ids=lambda row: row["file"])
def test_a_bomb_goes_off_in_a_drill(row, sandbox):
    source = (CORPUS / row["file"]).read_bytes()
    drills = scripts(thresholds(subject(source), GROUND), GROUND)
    # One after the other, until it goes off.
    caught = (vetoes_of(source, script, sandbox) for script in drills)
    assert PREFIXES[row["stage"]] + row["rule"] in next(filter(None, caught))


def test_a_bomb_of_the_basis_goes_off_wherever_the_market_stands(sandbox):
    source = (CORPUS / "unsafe" / "bomb_basis_and_position.py").read_bytes()
    elsewhere = replace(GROUND, bid=10_011, lots=1_711, volatility=0.0272)
    (script,) = (one for one in scripts(thresholds(subject(source), elsewhere), elsewhere) if one.streams)
    run, fault = drilled(source, script, elsewhere, sandbox)
    found = pretrade_findings((Stressed(script.name, run, fault, kind=Kind.DRILL),), "strategy.py")
    assert {finding.check for finding in vetoes(tuple(found))} == {"pretrade.order_size"}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_strategy_lives_through_every_drill(name, sandbox):
    source = (CORPUS / f"{name}.py").read_bytes()
    for script in scripts(thresholds(subject(source), GROUND), GROUND):
        assert vetoes_of(source, script, sandbox) == set()


def test_a_leap_of_the_price_is_as_far_as_a_number_may_mean():
    found = met("return [] if book.mid < 0.9 * self.top or book.mid / self.last - 1.0 > 0.03 else []")
    # 0.9 of a price is a tenth off, 0.03 three hundredths; each is passed by two per cent of itself.
    assert {-0.102, -0.0306, 0.0306, 0.102} <= {round(share, 6) for share in found.leaps}
    assert all(0.002 <= abs(share) <= 0.2 for share in found.leaps)


def test_a_file_of_few_numbers_has_two_short_drills():
    drills = scripts(thresholds(subject(TEMPLATE.read_bytes()), GROUND), GROUND)
    assert [script.name for script in drills] == [NUMBERS, STILL]
    assert sum(len(script.beats) for script in drills) < 4_000


def test_a_number_is_met_in_every_meaning_that_it_may_have():
    found = met("return [] if book.position > 7.25 else []")
    # 7.25 of lots of 0.001 are 7,250; as a share it would be 72.5 units, beyond the limit.
    assert {7_249, 7_250, 7_251} <= set(found.positions_lots)
    assert {7.25, 435.0, 26_100.0} <= set(found.elapsed_s)
    # 7.25 bps of 100.00 are 0.0725, so 7 ticks and a part of one; 7.25 as a price is 725 ticks, too wide.
    assert {7, 8} <= set(found.spreads)
    assert max(found.spreads) <= 200
    # 7.25 times the usual 0.02, two per cent to either side.
    assert [value for value in found.volatilities if 0.14 < value < 0.15] == pytest.approx([0.1421, 0.1479])
    assert max(found.volatilities) <= LIVELY * 100
    # No price of 7.25 is near, nothing is counted up to a fraction; MAX_POSITION is the only whole number.
    assert (found.levels, found.count) == ((), 10)


def test_a_share_of_the_limit_is_met_as_a_position():
    assert {7_299, 7_300, 7_301} <= set(
        met("return [] if book.position / 10.0 > 0.73 else []").positions_lots
    )


def test_what_constants_come_to_is_met_too():
    found = met("return [] if book.time % 60 > MINUTE * 20 else []", "MINUTE = 60\n")
    assert {1_200.0} <= set(found.elapsed_s)
    assert found.count == 1_200


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return [] if self.n > 750 else []", 750),
        ("return [] if self.n / 10_000 > book.mid else []", 10_000),
        ("half = book.mid * 7 / 10_000\nreturn []", 10),
        ("return [] if self.n % 500 == 0 else []", 500),
        (f"return [] if self.n > {MOST_COUNT + 1} else []", 10),
    ],
)
def test_numbers_that_only_scale_are_not_counted_up_to(body, count):
    assert met(body).count == count


def test_bounds_of_a_search_are_no_thresholds_unless_the_file_reads_them():
    head = 'BOUNDS = {"a": (1.0, 7_200.0)}\n'
    assert met("return []", head).count == 10
    assert met('return [] if self.n > BOUNDS["a"][1] else []', head).count == 7_200


def test_prices_near_the_usual_one_are_met_and_far_ones_are_not():
    found = met("return [] if book.mid > 117.0 or book.mid > 60_000.0 or book.mid < 3.5 else []")
    assert found.levels == (11_700,)


def test_wild_volatility_has_a_drill_of_its_own_without_distances():
    source = strategy("return [] if book.volatility < 2.5 else []")
    drills = {script.name: script for script in scripts(thresholds(subject(source), GROUND), GROUND)}
    assert drills[WILD].wild
    assert not drills[NUMBERS].wild


def test_mark_index_and_funding_are_shown_to_a_file_that_reads_one_of_them():
    body = "return [] if book.index is not None and book.index < 0.988 * book.mid else []"
    found = met(body)
    # 1.2 per cent below the mid, and two per cent of that to either side.
    assert {-0.01224, -0.01176} <= {round(share, 5) for share in found.basis}
    drill = next(script for script in scripts(found, GROUND) if script.name == PERPETUAL)
    assert [name for name, _ in drill.streams] == ["mark", "index", "funding"]
    assert all(len(values) == len(drill.beats) for _, values in drill.streams)
    mark, index, funding = (dict(drill.streams)[name] for name in ("mark", "index", "funding"))
    assert (min(index), max(mark)) == pytest.approx((98.0, 102.0))
    assert (min(funding), max(funding)) == (-LARGEST_RATE, LARGEST_RATE)
    assert met("return []").rates == ()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(1e-3, 1e7), max_size=6))
def test_the_told_clock_never_runs_back_and_never_leaps_more_than_a_week(numbers):
    body = "now = book.time\n" + "\n".join(f"now = now if now > {number!r} else now" for number in numbers)
    found = met(f"{body}\nreturn []")
    for script in (*scripts(found, GROUND), watched(found, GROUND)[0]):
        steps = [after.told_s - before.told_s for before, after in pairwise(script.beats)]
        assert min(steps) > 0
        assert max(steps) <= LONGEST_JUMP_S + 2


def test_every_beat_is_a_market_that_can_be():
    found = met("return [] if book.bid_size > 75.0 and book.ask - book.bid > 0.3 else []")
    for beat in (beat for script in scripts(found, GROUND) for beat in script.beats):
        assert beat.bid > 0
        assert beat.spread > 0
        assert min(beat.bid_lots, beat.ask_lots, beat.trade_lots) > 0
        assert abs(beat.target_lots) <= GROUND.max_lots


def test_too_many_numbers_are_picked_from_and_counted():
    body = "\n".join(f"self.x = {number}.5" for number in range(1, 400))
    found = met(f"{body}\nreturn []")
    assert len(found.elapsed_s) == 160
    assert found.left_out > 0
    assert found == met(f"{body}\nreturn []")


BEAT = Beat(
    told_s=START_NS * 1e-9,
    bid=9_996,
    spread=8,
    bid_lots=2_000,
    ask_lots=2_000,
    trade_lots=1,
    volatility=0.5,
    target_lots=30,
    piece_lots=20,
)


def test_the_puppet_leads_to_its_target_by_the_best_order_and_stops_there():
    puppet = PuppetExchange([BEAT] * 10, START_NS)
    puppet.submit(1, Side.BUY, 9_990, 100)
    puppet.submit(2, Side.BUY, 9_996, 25)
    puppet.submit(3, Side.SELL, 10_004, 100)
    assert [report.event for report in puppet.reports()] == [Event.ACCEPTED] * 3
    told = []
    for second in range(1, 6):
        puppet.advance(START_NS + second * 1_000_000_000)
        told += [(report.order, report.lots, report.left) for report in puppet.reports()]
    # 20 of the better order and its last 5, then 5 of the other: 30 in all.
    assert told == [(2, 20, 5), (2, 5, 0), (1, 5, 95)]


def test_the_puppet_rejects_what_would_cross_and_cancels_what_it_holds():
    puppet = PuppetExchange([BEAT] * 2, START_NS)
    puppet.submit(1, Side.BUY, 10_004, 5)
    puppet.submit(2, Side.SELL, 9_997, 5)
    puppet.cancel(2)
    puppet.cancel(7)
    events = [(report.order, report.event, report.lots) for report in puppet.reports()]
    assert events == [(1, Event.REJECTED, 5), (2, Event.ACCEPTED, 5), (2, Event.CANCELED, 5)]


def test_a_stage_tells_the_scripts_clock_and_volatility():
    later = replace(BEAT, told_s=BEAT.told_s + 3_600.0, volatility=0.7, bid=10_000)
    made = staged([*warmed_up(BEAT), BEAT, later], MARKET.instrument, 1_000_000_000)
    skew = made.streams["clock_skew"]
    eleventh_ns = START_NS + 11_000_000_000
    # Eleven seconds in, the script says an hour after its first beat: ten of them were the warm-up.
    assert eleventh_ns * 1e-9 + skew.at(eleventh_ns) == pytest.approx(BEAT.told_s + 3_600.0)
    assert made.volatility[10:12] == [0.5, 0.7]
    assert made.mids["mid"].tolist() == [100.0, 100.04]


@pytest.mark.parametrize("row", WATCHED_ROWS, ids=lambda row: row["file"])
def test_what_is_kept_or_changed_behind_the_back_is_seen_by_the_watch(row, sandbox):
    run = watched_run((CORPUS / row["file"]).read_bytes(), sandbox)
    found = vetoes(tuple(finding for rule in RULES for finding in rule(run, "strategy.py")))
    assert {finding.check for finding in found} == {f"stress.{row['rule']}"}


def watched_run(source: bytes, sandbox) -> Stressed:
    script, quarters = watched(thresholds(subject(source), GROUND), GROUND)
    (run, fault), seen = play_watched(source, script, quarters, GROUND, sandbox)
    grows = seen is not None and bool(quarters) and seen.grows(quarters[-1] - quarters[0])
    lines = None if seen is None else seen.lines
    return Stressed(WATCHED, run, fault, kind=Kind.DRILL, lines=lines, grows=grows)


def test_lines_that_no_step_reached_are_told_and_never_a_veto(sandbox):
    source = strategy(
        '"""Quotes nothing."""\nif book.bid > book.ask:\n    x = 1\n    return [x]\nreturn (\n    []\n)'
    )
    (finding,) = unreached_findings([watched_run(source, sandbox)], source, "strategy.py")
    assert finding.line == 8
    assert "lines 8-9" in finding.message
    assert not vetoes((finding,))


def test_a_profile_by_rounded_price_and_a_window_by_age_do_not_grow(sandbox):
    body = (
        "self.profile[round(book.mid, 1)] = 1.0\nself.window.append(book.time)\n"
        "while self.window and book.time - self.window[0] > 3600.0:\n    self.window.popleft()\nreturn []"
    )
    init = "    def __init__(self, params):\n        self.profile = {}\n        self.window = deque()\n\n"
    source = strategy(body, "from collections import deque\n").replace(
        b"    def on_book", init.encode() + b"    def on_book"
    )
    run = watched_run(source, sandbox)
    assert (run.fault, run.grows) == ("", False)


def test_a_fault_in_the_last_callbacks_of_the_watched_drill_is_not_lost(sandbox):
    # The last timer comes after the last book, so that only the end of the worker delivers it.
    script, quarters = watched(thresholds(subject(TEMPLATE.read_bytes()), GROUND), GROUND)
    last_s = script.beats[-1].told_s + 0.5
    timer = f"    def on_timer(self, now):\n        return 1 / 0 if now > {last_s!r} else 0\n\n"
    source = strategy("return []").replace(b"    def on_book", timer.encode() + b"    def on_book")
    (_, fault), seen = play_watched(source, script, quarters, GROUND, sandbox)
    assert "ZeroDivisionError" in fault
    assert seen is None


def test_growth_is_not_judged_where_the_file_may_count_further_than_the_drill_lasts():
    assert len(watched(met("return [] if len(self.kept) > 5_000 else []"), GROUND)[1]) == 5
    assert watched(met("return [] if len(self.kept) > 50_000 else []"), GROUND)[1] == ()
