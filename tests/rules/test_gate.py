"""The gate over the ledger: only what was signed, opened and judged again counts."""

from dataclasses import replace

import pytest

from alphaloop.facts.evidence import Evidence
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.judgement import Finish
from alphaloop.facts.verdict import Stance
from alphaloop.rules.betting import judge
from alphaloop.rules.budget import next_level
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.entries.decisions import decision, decision_of
from alphaloop.rules.entries.evidence import evidence, evidence_digest
from alphaloop.rules.entries.lessons import escalation
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.stops import resume, stop
from alphaloop.rules.entries.verdicts import verdict
from alphaloop.rules.gate import decided, promoting, redecided
from alphaloop.rules.required import required

IDEA = Hypothesis("skew", "lean against inventory", "objective")
BOUND = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}


@pytest.fixture
def play(ledger, a_change, a_pair, scales):
    """Open a test and record its evidence, with this gain on every pair; answers the evidence entry."""

    def run(gain=1.0, signer="risk", opener="risk", **more):
        change = a_change()
        level = next_level(ledger.entries)
        test = ledger.add(opened(ledger.entries, change, level, 0, scales, "sha256:p"), opener)
        pairs = tuple(a_pair(gain) for _ in range(400))
        made = Evidence(
            of=test.commit,
            change=change.number,
            head=change.head,
            head_tree=change.head_tree,
            base=change.base,
            signature="00",
            scales=scales,
            pairs=pairs,
            bound=BOUND,
            judgement=judge(pairs, scales, test.body["level"]),
        )
        return ledger.add(evidence(replace(made, **more)), signer)

    return run


@pytest.fixture
def speak(ledger, a_change, a_verdict, rests, seats):
    """Let every required seat approve; Risk names this evidence."""

    def run(digest):
        for name in required(a_change(), seats):
            said = a_verdict(name, evidence=digest if name == "risk" else "")
            ledger.add(verdict(ledger.entries, rests(said)), name)

    return run


def test_a_change_that_won_its_test_and_convinced_everybody_merges(ledger, a_change, seats, play, speak):
    speak(evidence_digest(play()))
    decision_now = decided(ledger.entries, a_change(), seats)
    assert decision_now.may_merge, decision_now.reasons


@pytest.mark.parametrize(
    "forged",
    [
        {"gain": 0.0},
        {"signer": "quant"},
        {"opener": "quant"},
        {"head": "d" * 40},
        {"head_tree": "d" * 40},
        {"base": "d" * 40},
        {"change": 8},
        {"of": "d" * 40},
    ],
)
def test_evidence_that_is_not_of_this_very_test_promotes_nothing(
    ledger, a_change, seats, play, speak, forged
):
    speak(evidence_digest(play(**forged)))
    assert promoting(ledger.entries, a_change(), seats) == frozenset()
    assert decided(ledger.entries, a_change(), seats).stance is Stance.BROKEN


def test_evidence_that_only_says_it_is_better_promotes_nothing(
    ledger, a_change, a_pair, seats, scales, play, speak
):
    pairs = tuple(a_pair(0.0) for _ in range(400))
    claimed = replace(judge(pairs, scales, 5e-5), finish=Finish.BETTER, evidence=1e9)
    speak(evidence_digest(play(pairs=pairs, judgement=claimed)))
    assert decided(ledger.entries, a_change(), seats).stance is Stance.BROKEN


@pytest.mark.parametrize("tainted", ["yes", "No", "perhaps"])
def test_evidence_that_was_not_isolated_promotes_nothing(ledger, a_change, seats, play, tainted):
    play(bound={**BOUND, "tainted": tainted})
    assert promoting(ledger.entries, a_change(), seats) == frozenset()


def test_evidence_recorded_before_its_test_was_opened_promotes_nothing(ledger, a_change, seats, play, speak):
    speak(evidence_digest(play()))
    genesis, test, found, *rest = ledger.entries
    swapped = [genesis, replace(found, number=1), replace(test, number=2), *rest]
    assert not decided(swapped, a_change(), seats).may_merge


def test_a_stop_beats_an_approval_and_a_resume_gives_it_back(ledger, a_change, seats, play, speak):
    speak(evidence_digest(play()))
    stopped = ledger.add(stop(ledger.entries, "sre", "fire"), "sre")
    assert decided(ledger.entries, a_change(), seats).stance is Stance.HOLD
    ledger.add(resume(stopped, "sre"), "sre")
    assert decided(ledger.entries, a_change(), seats).stance is Stance.HOLD
    ledger.entries.pop()
    ledger.add(resume(stopped, "human:alice"), "human:alice")
    assert decided(ledger.entries, a_change(), seats).may_merge


def test_an_escalated_hypothesis_is_held(ledger, a_change, seats, play, speak):
    ledger.add(change_opened(a_change(), IDEA, 1), "quant")
    ledger.add(escalation(IDEA, (1, 2, 3)), "delivery_lead")
    speak(evidence_digest(play()))
    assert decided(ledger.entries, a_change(), seats).stance is Stance.HOLD


def test_a_recorded_decision_is_decided_again_from_what_it_read(
    ledger, a_change, a_verdict, seats, play, speak
):
    speak(evidence_digest(play()))
    made = decided(ledger.entries, a_change(), seats)
    entry = ledger.add(decision(ledger.entries, made, a_change()), "sre")
    ledger.add(verdict(ledger.entries, a_verdict("human:alice", Stance.VETO)), "human:alice")
    assert redecided(ledger.entries, entry, seats) == decision_of(entry) == made
    assert decided(ledger.entries, a_change(), seats).stance is Stance.VETO


def test_evidence_that_speaks_of_another_test_than_its_key_promotes_nothing(ledger, a_change, seats, play):
    entry = play()
    body = {**entry.body, "of": "d" * 40}
    ledger.entries[-1] = replace(entry, body=body)
    assert promoting(ledger.entries, a_change(), seats) == frozenset()


def test_a_test_that_paid_another_level_than_the_budget_granted_promotes_nothing(
    ledger, a_change, seats, play
):
    play()
    test = ledger.entries[1]
    ledger.entries[1] = replace(test, body={**test.body, "level": 0.5})
    assert promoting(ledger.entries, a_change(), seats) == frozenset()
