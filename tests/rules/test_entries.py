"""Entries: what goes into the ledger comes back the same, and what was not written so is refused."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken, Refused, Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Evidence, Opened, Scales
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis, Plan, Proposal
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.facts.release import Outcome
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries import (
    changes,
    decisions,
    founding,
    lessons,
    measured,
    opened,
    plans,
    releases,
    stops,
    verdicts,
)
from alphaloop.rules.entries import evidence as evidences
from alphaloop.rules.entries.canonical import canonical, digest
from alphaloop.rules.gate import decided

NUMBER = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
SCORE = st.builds(
    Score, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, st.text(max_size=9), st.just("sha256:x")
)
IDEA = Hypothesis("skew", "lean against inventory", "objective", 0.25, {"skew_bps": 2.0}, 24)
BOUND = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
JUDGEMENT = Judgement(Finish.BETTER, 3, 12.5, 0.1, 5e-5, GUARDS, (), "better")


def as_stored(draft):
    """The body as JSON gives it back."""
    return replace(draft, body=json.loads(canonical(draft.body)))


@given(st.lists(st.builds(Pair, st.integers(0, 2**63 - 1), SCORE, SCORE), max_size=5))
def test_every_number_of_the_evidence_reads_back_exactly(a_change, pairs):
    scales = Scales(0.1 + 0.2, dict.fromkeys(GUARDS), 40)
    made = Evidence("e" * 40, 7, "a" * 40, "c" * 40, "b" * 40, "00", scales, tuple(pairs), BOUND, JUDGEMENT)
    draft = as_stored(evidences.evidence(made))
    entry = Entry(1, "d" * 40, "risk", draft.kind, draft.key, draft.subject, draft.body)
    assert evidences.evidence_of(entry) == made
    assert evidences.pairs_of(entry) == made.pairs
    assert evidences.evidence_digest(entry) == evidences.evidence_digest(evidences.evidence(made))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, object(), {1, 2}])
def test_what_is_no_json_has_no_digest(value):
    with pytest.raises(Broken):
        digest({"x": value})


def test_a_change_with_its_hypothesis_reads_back(ledger, a_change):
    change = a_change("strategy.py", "tests/test_a.py")
    entry = ledger.add(as_stored(changes.change_opened(change, IDEA, 3)), "quant")
    assert changes.change_of(entry) == change
    assert changes.hypothesis_of(entry) == IDEA
    assert changes.turn_of_change(entry) == 3
    assert changes.hypothesis_of_change(ledger.entries, 7) == IDEA
    assert changes.hypothesis_of_change(ledger.entries, 8) is None


def test_a_push_never_rewrites_the_hypothesis(ledger, a_change):
    ledger.add(changes.change_opened(a_change(), IDEA, 3), "quant")
    ledger.add(changes.change_opened(a_change(head="d" * 40), replace(IDEA, key="other"), 3), "quant")
    assert changes.hypothesis_of_change(ledger.entries, 7) == IDEA


def test_plan_record_trial_and_lesson_read_back(ledger):
    plan = Plan(2, Proposal(IDEA, {"strategy.py": "x = 1\n"}), "b" * 40)
    assert plans.plan_of(ledger.add(as_stored(plans.plan(plan, 1)), "quant")) == plan
    assert plans.plan_of_turn(ledger.entries, 2) == plan
    assert plans.plan_of_turn(ledger.entries, 3) is None
    taken_up = Plan(3, None, "b" * 40, takes_up=1)
    assert plans.plan_of(ledger.add(as_stored(plans.plan(taken_up, 1)))) == taken_up
    metric = Metric("slippage", Layer.EXECUTION, None, "bps", "< 2", None, "> 10", None)
    record = Record(
        (metric, replace(metric, name="pnl", value=1.5, meets=True, beyond=True)), 40, "40 episodes"
    )
    assert measured.record_of(ledger.add(as_stored(measured.record(record, "b" * 40, 1)))) == record
    assert measured.record_at(ledger.entries, "b" * 40, 1) == record
    assert measured.record_at(ledger.entries, "b" * 40, 2) is None
    ledger.add(measured.trial("b" * 40, 1, IDEA))
    ledger.add(measured.trial("b" * 40, 2, IDEA))
    assert measured.trials_so_far(ledger.entries) == 48
    turn = Turn(4, 7, "skew", "merged", 0.25, None, "sha256:e", {"risk": Stance.APPROVE}, 1.25)
    entry = ledger.add(as_stored(lessons.lesson(turn, "it works")))
    assert lessons.turn_of(entry) == turn
    assert lessons.lesson_words(entry) == "it works"
    assert lessons.turns_taken(ledger.entries) == 4


def test_a_record_of_before_thresholds_reads_as_one_without_any(ledger):
    record = Record((Metric("slippage", Layer.EXECUTION, 1.0, "bps", "< 2", True),), 40, "40 episodes")
    draft = as_stored(measured.record(record, "b" * 40, 1))
    draft.body["metrics"] = [row[:6] for row in draft.body["metrics"]]
    assert measured.record_of(ledger.add(draft)) == record


@pytest.mark.parametrize("columns", [0, 5, 7, 9])
def test_a_metric_of_other_columns_is_refused(ledger, columns):
    record = Record((Metric("slippage", Layer.EXECUTION, 1.0, "bps", "< 2", True),), 40, "40 episodes")
    draft = as_stored(measured.record(record, "b" * 40, 1))
    draft.body["metrics"] = [[*row, None][:columns] for row in draft.body["metrics"]]
    with pytest.raises(Untrusted, match="a metric has 8 columns"):
        measured.record_of(ledger.add(draft))


def test_what_a_search_scored_reads_back_exactly_by_turn_and_the_newest(ledger):
    assert measured.newest_scores(ledger.entries) == ()
    first, second = ((0.1 + 0.2, -1e-300), (3.0, 4.0)), ((1.0, 2.0, 3.0),)
    ledger.add(as_stored(measured.trial("b" * 40, 1, IDEA, first)))
    ledger.add(as_stored(measured.trial("b" * 40, 2, IDEA, second)))
    assert measured.scores_of_turn(ledger.entries, 1) == first
    assert measured.newest_scores(ledger.entries) == measured.scores_of_turn(ledger.entries, 2) == second
    assert measured.scores_of_turn(ledger.entries, 3) == ()
    assert measured.trials_so_far(ledger.entries) == 48


def test_a_search_of_before_scores_were_kept_has_none(ledger):
    draft = as_stored(measured.trial("b" * 40, 1, IDEA, ((1.0,),)))
    del draft.body["scores"]
    ledger.add(draft)
    assert measured.newest_scores(ledger.entries) == ()


@pytest.mark.parametrize("scores", ["x", {"a": 1}, [1.0], [[1.0], [1.0, 2.0]], [["1"]], [[None]], [[True]]])
def test_scores_that_are_no_table_of_numbers_are_refused(ledger, scores):
    draft = as_stored(measured.trial("b" * 40, 1, IDEA))
    draft.body["scores"] = scores
    ledger.add(draft)
    with pytest.raises(Untrusted, match="find out who wrote it"):
        measured.newest_scores(ledger.entries)


def test_a_verdict_reads_back_and_only_from_its_own_seat(ledger, a_verdict):
    said = a_verdict(
        "risk", Stance.VETO, findings=(Finding("static", Severity.VETO, "os", "strategy.py", 3),)
    )
    entry = ledger.add(as_stored(verdicts.verdict(ledger.entries, said)), "risk")
    assert verdicts.verdict_of(entry) == said
    with pytest.raises(Untrusted, match="quant signed a verdict of risk"):
        verdicts.verdict_of(replace(entry, signer="quant"))


def test_saying_it_again_is_one_entry_and_coming_back_to_it_is_another(ledger, a_verdict):
    hold, lift = a_verdict("human:alice", Stance.HOLD), a_verdict("human:alice", Stance.ABSTAIN)
    for said in (hold, hold, lift, hold, hold):
        ledger.add(verdicts.verdict(ledger.entries, said), "human:alice")
    assert [one.stance for one in verdicts.verdicts_on(ledger.entries, 7)] == [
        Stance.HOLD,
        Stance.ABSTAIN,
        Stance.HOLD,
    ]


def test_a_decision_is_recorded_again_when_something_else_happened(ledger, a_change, a_verdict, seats):
    for _ in range(2):
        ledger.add(decisions.decision(ledger.entries, decided(ledger.entries, a_change(), seats), a_change()))
    assert sum(entry.kind is Kind.DECISION for entry in ledger.entries) == 1
    ledger.add(stops.stop(ledger.entries, "human:alice", "smoke"), "human:alice")
    entry = ledger.add(
        as_stored(decisions.decision(ledger.entries, decided(ledger.entries, a_change(), seats), a_change()))
    )
    assert decisions.decision_of(entry) == decisions.last_decision(ledger.entries, 7)
    assert decisions.decided_change(entry) == a_change()
    assert decisions.read_up_to(entry) == entry.number - 1


def test_an_opened_test_reads_back(ledger, a_change, scales):
    entry = ledger.add(as_stored(opened.test_opened(ledger.entries, a_change(), 5e-5, 0, scales, "sha256:p")))
    expected = Opened(entry.commit, 1, 7, "a" * 40, "c" * 40, "b" * 40, 5e-5, 0, scales, "sha256:p")
    assert opened.test_of(entry) == expected


def test_a_release_its_rollback_and_its_outcome_read_back(ledger, a_change):
    assert releases.confirmed_commit(ledger.entries) == founding.founding_commit(ledger.entries) == "f" * 40
    draft = as_stored(releases.release(a_change(), "f" * 40))
    entry = ledger.add(draft, "sre", landing={"commit": "1" * 40})
    release = releases.release_of(entry)
    assert (release.change, release.commit, release.shadow, release.judged) == (7, "1" * 40, "f" * 40, True)
    assert releases.canary(ledger.entries) == entry
    back = ledger.add(as_stored(releases.rollback(entry, "worse")), "sre", landing={"commit": "2" * 40})
    assert releases.is_rollback(back)
    assert releases.rolled_back(ledger.entries, entry) == back
    ended = Outcome(release, JUDGEMENT, "2" * 40)
    outcome = ledger.add(as_stored(releases.outcome(entry, ended, "sha256:e")), "sre")
    assert releases.outcome_of(ledger.entries, outcome) == ended
    assert releases.canary(ledger.entries) is None
    assert releases.confirmed_commit(ledger.entries) == "f" * 40


def test_a_confirmed_release_is_what_a_rollback_goes_back_to(ledger, a_change):
    entry = ledger.add(releases.release(a_change(), "f" * 40), "sre", landing={"commit": "1" * 40})
    ledger.add(releases.outcome(entry, Outcome(releases.release_of(entry), JUDGEMENT, ""), ""), "sre")
    assert releases.confirmed_commit(ledger.entries) == "1" * 40


def test_what_lands_beside_a_canary_confirms_nothing_of_it(ledger, a_change):
    canary = ledger.add(releases.release(a_change(), "f" * 40), "sre", landing={"commit": "1" * 40})
    beside = releases.release(a_change("tests/test_it.py", number=8), "f" * 40)
    entry = ledger.add(beside, "sre", landing={"commit": "2" * 40})
    ledger.add(releases.outcome(entry, Outcome(releases.release_of(entry), None, ""), ""), "sre")
    assert releases.confirmed_commit(ledger.entries) == "f" * 40, "its tree has the canary's strategy"
    ledger.add(releases.rollback(canary, "worse"), "sre", landing={"commit": "3" * 40})
    ledger.add(releases.outcome(canary, Outcome(releases.release_of(canary), None, "3" * 40), ""), "sre")
    assert releases.confirmed_commit(ledger.entries) == "f" * 40
    later = releases.release(a_change("tests/test_it.py", number=9), "f" * 40)
    entry = ledger.add(later, "sre", landing={"commit": "4" * 40})
    ledger.add(releases.outcome(entry, Outcome(releases.release_of(entry), None, ""), ""), "sre")
    assert releases.confirmed_commit(ledger.entries) == "4" * 40


def test_a_release_that_did_not_land_is_none(ledger, a_change):
    with pytest.raises(Untrusted, match="landing"):
        releases.release_of(ledger.add(releases.release(a_change(), "f" * 40), "sre"))


def test_one_resumes_from_a_stop_only(ledger):
    with pytest.raises(Refused):
        stops.resume(ledger.entries[0], "human:alice")


def test_a_ledger_begins_with_genesis():
    with pytest.raises(Untrusted):
        founding.genesis_id(())


@pytest.mark.parametrize("name", ["change", "head", "level", "promotions", "test", "scales", "plays"])
@pytest.mark.parametrize("value", ["gone", None, True, [], {}, math.nan, -1.5])
def test_a_field_of_another_type_is_untrusted(ledger, a_change, scales, name, value):
    draft = opened.test_opened(ledger.entries, a_change(), 5e-5, 0, scales, "sha256:p")
    body = dict(draft.body)
    if value == "gone":
        del body[name]
    else:
        body[name] = value
    with pytest.raises(Untrusted, match="ledger entry 1"):
        opened.test_of(ledger.add(replace(draft, body=body)))


def test_a_reader_refuses_another_kind(ledger):
    entry = ledger.add(Draft(Kind.LESSON, "x", "x", {}))
    for reader in (
        opened.test_of,
        verdicts.verdict_of,
        evidences.evidence_of,
        decisions.decision_of,
        plans.plan_of,
    ):
        with pytest.raises(Untrusted):
            reader(entry)
