"""The table of stages on real episodes: what must be caught is caught, with its reason, and nothing else."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.checks.measure import CALM, Kind, Stressed, stress_runs
from alphaloop.checks.metamorphic.table import TWINS
from alphaloop.checks.pretrade import pretrade_findings
from alphaloop.checks.qa import stance_on_tests
from alphaloop.checks.stress import stress_findings
from alphaloop.checks.subject import Subject
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.checks.table import STAGES, examine, refused
from alphaloop.errors import Broken, Misuse
from alphaloop.facts.finding import Severity, vetoes
from alphaloop.facts.history import Move
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.facts.order import Cause, Refusal
from alphaloop.facts.verdict import Stance
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.ports import TestRun
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
CORPUS = Path(__file__).parents[1] / "corpus"
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(
    Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"), proof_s=1.0
)
VENUE = Venue(MARKET, LIMITS, "lockdown")
JUDGES = {"stress": stress_findings, "surveillance": surveillance_findings, "pre-trade": pretrade_findings}
WHOLE = bool(os.environ.get("ALPHALOOP_WHOLE_CORPUS"))
PREFIXES = {"stress": "stress.", "surveillance": "surveillance.", "pre-trade": "pretrade."}
with (CORPUS / "manifest.csv").open(encoding="utf-8") as listed:
    # Every sixth by default.  What waits for a number, or is seen only from inside, has the drills of
    # test_bombs.
    BEHAVIOUR = [
        row
        for row in csv.DictReader(listed)
        if row["stage"] in PREFIXES and row["category"] not in ("time bombs", "watched")
    ][:: 1 if WHOLE else 6]
# Every eighth, so that the default run stays short; all of them are read in tests/corpus/test_corpus.py, and
# `ALPHALOOP_WHOLE_CORPUS=1` plays them all.  The rest of this file looks at what one of these left.
LOOKED_AT = "linear_skew"
HONEST = sorted(path.stem for path in CORPUS.glob("benign/*.py"))
HONEST = HONEST if WHOLE else HONEST[HONEST.index(LOOKED_AT) % 8 :: 8]
MOVE = Move(wait_ms=100, bid_ticks=9_999, spread_ticks=2, bid_lots=1_000, ask_lots=2_000)


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


def subject(name, base=None):
    return Subject("strategy.py", (CORPUS / name).read_bytes(), base, LIMITS)


def runs_of(name, sandbox):
    return stress_runs(subject(name), VENUE, sandbox, lambda words: None)


def judged(runs):
    """The vetoes of the stages that play episodes; the search before them has tests of its own."""
    return {stage: vetoes(judge(runs, "strategy.py")) for stage, judge in JUDGES.items()}


@pytest.fixture(scope="module")
def honest_runs(sandbox):
    return runs_of(f"benign/{LOOKED_AT}.py", sandbox)


@pytest.mark.parametrize("row", BEHAVIOUR, ids=lambda row: row["file"])
def test_a_trick_of_behaviour_is_vetoed_by_its_stage(row, sandbox):
    found = judged(runs_of(row["file"], sandbox))
    prefix = PREFIXES[row["stage"]]
    assert prefix + row["rule"] in {finding.check for finding in found[row["stage"]]}
    assert next(stage for stage, vetoed in found.items() if vetoed) == row["stage"]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_strategy_passes_every_safety_stage_in_every_scenario(name, sandbox, honest_runs):
    runs = honest_runs if name == LOOKED_AT else runs_of(f"benign/{name}.py", sandbox)
    assert not any(judged(runs).values())


@pytest.mark.parametrize(("half_bps", "vetoed"), [(250.0, ["pretrade.always_wide"]), (190.0, [])])
def test_whoever_is_always_wider_than_the_desk_is_vetoed(half_bps, vetoed, sandbox):
    """The desk quotes at most 400 bps wide; which is refused by circumstance, except where it is calm."""
    template = (CORPUS.parents[1] / "strategy_template" / "strategy.py").read_bytes()
    source = template.replace(b'"half_spread_bps": 8.0', f'"half_spread_bps": {half_bps}'.encode())
    calm = tape_of(VENUE, 0)
    run = Stressed(CALM, play_source(source, calm, VENUE, sandbox), "")
    assert [one.check for one in vetoes(pretrade_findings((run,), "strategy.py"))] == vetoed


def test_the_first_veto_ends_the_review_and_names_the_reason():
    found = examine(subject("unsafe/import_os.py"), VENUE, "pre-trade", lambda words: None)
    assert tuple(found.seconds) == ("bytes", "static")
    assert "import os" in vetoes(found.findings)[0].message


def test_a_review_can_stop_early_and_tells_how_far_it_is():
    told = []
    found = examine(subject("benign/grid.py"), VENUE, "static", told.append)
    assert told == ["  safety: bytes", "  safety: static"]
    assert list(found.seconds) == ["bytes", "static"]
    assert not found.vetoed


def test_an_unknown_stage_is_misuse():
    with pytest.raises(Misuse, match="tournament"):
        examine(subject("benign/grid.py"), VENUE, "tournament", lambda words: None)


def test_a_review_goes_through_every_stage_and_leaves_the_same_evidence_twice(sandbox):
    venue = replace(VENUE, market=replace(MARKET, world=WorldSpec("null"), episode_s=15.0))
    grid = subject("benign/grid.py")
    first, again = (examine(grid, venue, "pre-trade", lambda words: None, sandbox) for _ in range(2))
    assert vetoes(first.findings) == ()
    assert tuple(first.seconds) == STAGES
    assert first.evidence.startswith("sha256:")
    assert first.evidence == again.evidence


@pytest.mark.parametrize("other", [{"base": b"other"}, {"met": ((MOVE,),)}, {"path": "another.py"}])
def test_another_subject_leaves_other_evidence(other):
    grid = subject("benign/grid.py")
    same, different = (
        examine(one, VENUE, "static", lambda words: None).evidence for one in (grid, replace(grid, **other))
    )
    assert same != different


def test_a_search_is_told_in_words_why_a_file_is_refused():
    (first, *_) = refused(subject("unsafe/limit_raised.py"))
    assert first.startswith("strategy.py:")
    assert "MAX_POSITION = 100.0 while risk.py says 10.0" in first
    assert refused(subject("benign/grid.py")) == ()


def test_every_scenario_is_played_three_times(honest_runs):
    thrice = [run for run in honest_runs if run.kind is Kind.SCENARIO]
    assert [run.scenario for run in thrice] == [CALM, *SCENARIOS]
    assert all(run.run.digest == run.rerun == run.fresh for run in thrice)


def test_twins_and_drills_come_after_the_scenarios(honest_runs):
    rest = honest_runs[1 + len(SCENARIOS) :]
    assert [run.scenario for run in rest[: len(TWINS)]] == [*TWINS]
    assert {run.kind for run in rest[len(TWINS) :]} == {Kind.DRILL}
    assert len(rest) - len(TWINS) == rest[-1].due >= 3
    assert rest[-1].lines


def test_missing_scenarios_are_broken_and_no_approval(honest_runs):
    twins = honest_runs[: 1 + len(SCENARIOS) + len(TWINS)]
    twice = (*honest_runs[:-1], honest_runs[-2])
    for partial in ((), honest_runs[:3], honest_runs[1:], twins, honest_runs[:-1], twice):
        with pytest.raises(Broken):
            stress_findings(partial, "strategy.py")


def test_a_run_without_its_repetition_is_broken(honest_runs):
    runs = (replace(honest_runs[0], rerun=""), *honest_runs[1:])
    with pytest.raises(Broken, match="three times"):
        stress_findings(runs, "strategy.py")


def test_a_rerun_that_differs_is_a_veto_that_names_the_scenario(honest_runs):
    runs = (*honest_runs[:2], replace(honest_runs[2], rerun="sha256:other"), *honest_runs[3:])
    (finding,) = vetoes(stress_findings(runs, "strategy.py"))
    assert finding.check == "stress.nondeterministic"
    assert honest_runs[2].scenario in finding.message


def test_a_scenario_cannot_pass_for_a_drill_that_is_played_once(honest_runs):
    runs = (*honest_runs[:2], replace(honest_runs[2], kind=Kind.DRILL, rerun=""), *honest_runs[3:])
    with pytest.raises(Broken, match="another than it is"):
        stress_findings(runs, "strategy.py")


def test_a_position_beyond_the_limit_is_a_veto_and_never_clipped(honest_runs):
    run = replace(honest_runs[0].run, max_position=1e-6)
    (finding,) = vetoes(stress_findings((replace(honest_runs[0], run=run), *honest_runs[1:]), "strategy.py"))
    assert finding.check == "stress.position"
    nan = replace(honest_runs[0], run=replace(run, max_position=float("nan")))
    assert vetoes(stress_findings((nan, *honest_runs[1:]), "strategy.py"))


@pytest.mark.parametrize(("base", "severity"), [(None, "veto"), (False, "veto"), (True, "warning")])
def test_a_breach_is_a_veto_unless_base_breaches_too(base, severity, honest_runs):
    run = replace(honest_runs[0], run=replace(honest_runs[0].run, breach="drawdown"), base_breach=base)
    (finding,) = stress_findings((run, *honest_runs[1:]), "strategy.py")
    assert (finding.check, finding.severity) == ("stress.breach", Severity(severity))


def test_refusals_by_circumstance_are_counted_and_never_a_veto(honest_runs):
    stale = Refusal("stale_data", Cause.CIRCUMSTANCE, 3.0, 2.0, 0)
    run = replace(honest_runs[0], run=replace(honest_runs[0].run, refusals=(stale, stale)))
    (finding,) = pretrade_findings((run,), "strategy.py")
    assert (finding.severity, finding.check) == (Severity.NOTE, "pretrade.stale_data")
    assert finding.message.startswith("2 ")


def test_an_own_refusal_of_an_unknown_rule_is_a_veto_all_the_same(honest_runs):
    own = Refusal("brand_new", Cause.OWN, None, None, 0)
    run = replace(honest_runs[0], run=replace(honest_runs[0].run, refusals=(own,)))
    (finding,) = vetoes(pretrade_findings((run,), "strategy.py"))
    assert finding.check == "pretrade.brand_new"


@pytest.mark.parametrize(
    ("run", "stance"),
    [
        (TestRun(False, 3, 0, "timed out"), Stance.HOLD),
        (TestRun(True, 3, 1, "one failed"), Stance.HOLD),
        (TestRun(True, 0, 0, ""), Stance.HOLD),
        (TestRun(True, 3, 0, ""), Stance.APPROVE),
    ],
)
def test_failing_unfinished_and_missing_tests_hold_a_change(run, stance):
    answered, findings = stance_on_tests(run)
    assert answered is stance
    assert findings
    assert not vetoes(findings)
