"""A change's life, the emergency stop, standing and deadlock, recomputed from entries."""

from dataclasses import replace

import pytest

from alphaloop.facts.change import State
from alphaloop.facts.command import Verb
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.release import Outcome
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance
from alphaloop.rules.deadlock import deadlocked
from alphaloop.rules.entries import changes, decisions, lessons, releases, stops, verdicts
from alphaloop.rules.life import release_entry, state
from alphaloop.rules.standing import Circle, Usage, may, refusal, wrongly_signed
from alphaloop.rules.stopped import stop_in_force, why_stopped

IDEA = Hypothesis("skew", "lean against inventory", "objective")


def decide(ledger, change, stance):
    made = Decision(change.number, change.head, change.base, stance, (stance.name,))
    return ledger.add(decisions.decision(ledger.entries, made, change), "sre")


def test_a_change_goes_through_its_life(ledger, a_change, a_verdict):
    change = a_change()
    assert state(ledger.entries, change) is State.PROPOSED
    ledger.add(verdicts.verdict(ledger.entries, a_verdict("qa")), "qa")
    assert state(ledger.entries, change) is State.IN_REVIEW
    for stance, where in (
        (Stance.HOLD, State.HELD),
        (Stance.VETO, State.VETOED),
        (Stance.BROKEN, State.BROKEN),
        (Stance.APPROVE, State.APPROVED),
    ):
        decide(ledger, change, stance)
        assert state(ledger.entries, change) is where
    assert state(ledger.entries, replace(change, head="d" * 40)) is State.STALE
    assert state(ledger.entries, replace(change, base="d" * 40)) is State.STALE
    entry = ledger.add(releases.release(change, "f" * 40), "sre", landing={"commit": "1" * 40})
    assert state(ledger.entries, change) is State.CANARY
    assert release_entry(ledger.entries, 7) == entry
    ledger.add(releases.outcome(entry, Outcome(releases.release_of(entry), None, ""), ""), "sre")
    assert state(ledger.entries, change) is State.CONFIRMED


def test_a_rollback_is_a_state_even_before_its_outcome(ledger, a_change):
    entry = ledger.add(releases.release(a_change(), "f" * 40), "sre", landing={"commit": "1" * 40})
    ledger.add(releases.rollback(entry, "worse"), "sre", landing={"commit": "2" * 40})
    assert state(ledger.entries, a_change()) is State.ROLLED_BACK


def test_a_change_outside_the_release_is_merged_and_no_canary(ledger, a_change):
    change = a_change("tests/test_a.py", author="qa")
    ledger.add(releases.release(change, "f" * 40), "sre", landing={"commit": "1" * 40})
    assert state(ledger.entries, change) is State.MERGED
    assert releases.canary(ledger.entries) is None


def test_a_closed_change_is_closed(ledger, a_change):
    decide(ledger, a_change(), Stance.VETO)
    ledger.add(changes.closed(7, "vetoed"), "delivery_lead")
    assert state(ledger.entries, a_change()) is State.CLOSED


def test_only_a_human_ends_a_stop_and_only_the_one_they_name(ledger):
    assert stop_in_force(ledger.entries) is None
    assert why_stopped(ledger.entries) == ""
    first = ledger.add(stops.stop(ledger.entries, "sre", "fire"), "sre")
    again = ledger.add(stops.stop(ledger.entries, "human:bob", "more fire"), "human:bob")
    assert again is first
    assert why_stopped(ledger.entries) == "sre: fire"
    ledger.add(stops.resume(first, "sre"), "sre")
    assert stop_in_force(ledger.entries) == first
    ledger.entries.pop()
    ledger.add(
        replace(stops.resume(first, "human:bob"), body={"by": "", "reason": "", "ends": 99}), "human:bob"
    )
    assert stop_in_force(ledger.entries) == first
    ledger.entries.pop()
    ledger.add(stops.resume(first, "human:bob"), "human:bob")
    assert stop_in_force(ledger.entries) is None
    second = ledger.add(stops.stop(ledger.entries, "sre", "fire"), "sre")
    assert stop_in_force(ledger.entries) == second != first


@pytest.mark.parametrize(
    ("circle", "those"),
    [
        (Circle.ANYBODY, {"human:alice", "sre", "quant", "human:mallory", "", "nobody"}),
        (Circle.DESK, {"human:alice", "sre", "quant"}),
        (Circle.RELEASERS, {"human:alice", "sre"}),
        (Circle.HUMANS, {"human:alice"}),
    ],
)
def test_who_may_is_published_and_checked_by_the_same_data(seats, circle, those):
    for principal in ("human:alice", "sre", "quant", "human:mallory", "", "nobody"):
        assert may(circle, principal, seats) == (principal in those)
        refused = refusal(Usage(Verb.STOP, "stop [reason]", "stops", circle), principal, seats)
        assert bool(refused) == (principal not in those)
        assert not refused or ("`/alphaloop stop [reason]`" in refused and "alice" in refused)


@pytest.mark.parametrize(
    ("kind", "signer", "right"),
    [
        (Kind.TEST_OPENED, "risk", True),
        (Kind.TEST_OPENED, "quant", False),
        (Kind.TEST_OPENED, "human:alice", False),
        (Kind.DECISION, "sre", True),
        (Kind.DECISION, "risk", False),
        (Kind.ESCALATION, "delivery_lead", True),
        (Kind.ESCALATION, "sre", False),
        (Kind.RESUME, "human:bob", True),
        (Kind.RESUME, "sre", False),
        (Kind.STOP, "quant", True),
        (Kind.STOP, "human:mallory", False),
    ],
)
def test_an_entry_is_signed_by_whoever_may(ledger, seats, kind, signer, right):
    entry = ledger.add(Draft(kind, "x", "x", {}), signer)
    assert bool(wrongly_signed(entry, seats)) != right


def refuse(ledger, a_change, number, hypothesis=IDEA, stance=Stance.VETO):
    change = a_change(number=number, head=f"{number:040x}")
    ledger.add(changes.change_opened(change, hypothesis, number), "quant")
    decide(ledger, change, stance)


def test_the_same_hypothesis_is_escalated_once(ledger, a_change):
    refuse(ledger, a_change, 1)
    refuse(ledger, a_change, 2, replace(IDEA, claim="the same in other words"), Stance.HOLD)
    refuse(ledger, a_change, 3, replace(IDEA, key="widen"))
    refuse(ledger, a_change, 4, stance=Stance.BROKEN)
    assert deadlocked(ledger.entries, 3) == ()
    refuse(ledger, a_change, 5)
    ((hypothesis, refused),) = deadlocked(ledger.entries, 3)
    assert (hypothesis.key, refused) == ("skew", (1, 2, 5))
    ledger.add(lessons.escalation(hypothesis, refused), "delivery_lead")
    assert lessons.refused_changes(ledger.entries[-1]) == refused
    refuse(ledger, a_change, 6)
    assert deadlocked(ledger.entries, 3) == ()


def test_a_change_that_was_held_and_then_landed_is_no_refusal(ledger, a_change):
    for number in (1, 2, 3):
        refuse(ledger, a_change, number, stance=Stance.HOLD)
    landed = a_change(number=3, head=f"{3:040x}")
    ledger.add(releases.release(landed, "f" * 40), "sre", landing={"commit": "1" * 40})
    assert deadlocked(ledger.entries, 3) == ()


def test_what_was_refused_may_be_tried_again_after_a_merge_and_not_after_a_rollback(ledger):
    def turn(number, key, became):
        ledger.add(lessons.lesson(Turn(number, number, key, became, None, None, ""), ""), "delivery_lead")

    turn(1, "skew", "vetoed")
    turn(2, "widen", "rolled_back")
    turn(3, "pause", "broken")
    assert lessons.refused_since_merge(ledger.entries) == {"skew", "widen"}
    turn(4, "pause", "merged")
    assert lessons.refused_since_merge(ledger.entries) == set()
    ledger.add(lessons.escalation(IDEA, (1,)), "delivery_lead")
    assert lessons.refused_since_merge(ledger.entries) == set()
    assert lessons.escalated(ledger.entries) == {(IDEA.key, IDEA.metric)}
