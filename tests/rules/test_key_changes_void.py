"""What a change of keys takes away: every word in favour that has not landed, and nothing that stops."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from alphaloop.errors import Untrusted
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.key import KeyChange
from alphaloop.facts.override import Override
from alphaloop.facts.verdict import Stance
from alphaloop.rules import gate
from alphaloop.rules.decide import decide
from alphaloop.rules.entries import decisions, releases
from alphaloop.rules.entries.keys import departed, in_force, key_change_of, key_changed, outlived
from alphaloop.rules.entries.opened import test_opened as opened_test
from alphaloop.rules.entries.overrides import override, overrides_on
from alphaloop.rules.entries.verdicts import silenced, verdict, verdicts_in_force, verdicts_on
from alphaloop.rules.shaken import shaken
from alphaloop.rules.standing import wrongly_signed

MAIN = "d" * 40


def turned(ledger, principal, new="ssh-ed25519 N", old="ssh-ed25519 O"):
    """Record another key for `principal`, as alice signs it."""
    change = KeyChange(principal, old, f"{new}{len(ledger.entries)}" if new else "", "lost", MAIN, {7: MAIN})
    return ledger.add(key_changed(change), "human:alice")


@pytest.fixture
def say(ledger, a_verdict):
    """Record a verdict as the gate would read it."""

    def said(seat, stance=Stance.APPROVE, **more):
        return ledger.add(verdict(ledger.entries, a_verdict(seat, stance, **more)), seat)

    return said


def counting(ledger):
    """Who counts, and with which stance."""
    return [(one.seat, one.stance) for one in verdicts_in_force(ledger.entries, 7)]


@pytest.mark.parametrize("stance", [Stance.APPROVE, Stance.ABSTAIN])
@pytest.mark.parametrize("new", ["ssh-ed25519 N", ""])
def test_a_word_in_favour_dies_with_its_key(ledger, say, stance, new):
    say("qa", stance)
    say("data", stance)
    turned(ledger, "qa", new)
    assert counting(ledger) == [("data", stance)]
    assert [one.seat for one in verdicts_on(ledger.entries, 7)] == ["qa", "data"]


@pytest.mark.parametrize("stance", [Stance.HOLD, Stance.VETO, Stance.BROKEN])
def test_what_stops_stays_whatever_becomes_of_its_key(ledger, say, stance):
    say("risk", stance)
    turned(ledger, "risk", "")
    assert counting(ledger) == [("risk", stance)]


def test_the_same_word_said_again_with_the_new_key_counts(ledger, say):
    first = say("qa")
    turned(ledger, "qa")
    second = say("qa")
    assert first.number < second.number
    assert counting(ledger) == [("qa", Stance.APPROVE)]
    assert say("qa") == second


def test_a_hold_that_was_lifted_with_a_lost_key_stands_again(ledger, say):
    say("human:bob", Stance.HOLD)
    say("human:bob", Stance.APPROVE)
    turned(ledger, "human:bob")
    assert counting(ledger) == [("human:bob", Stance.HOLD)]


def test_a_first_key_takes_nothing_away(ledger, say):
    say("qa")
    turned(ledger, "qa", old="")
    assert counting(ledger) == [("qa", Stance.APPROVE)]


def test_an_entry_is_outlived_by_its_own_signers_change_only(ledger, say):
    said = say("qa")
    assert outlived(ledger.entries, said) is None
    turned(ledger, "data")
    assert outlived(ledger.entries, said) is None
    entry = turned(ledger, "qa")
    assert outlived(ledger.entries, said) == entry
    assert said not in in_force(ledger.entries)
    assert entry in in_force(ledger.entries)


def test_a_gate_that_approved_holds_after_a_change_of_keys(ledger, say, seats, a_change, a_verdict):
    names = ("execution", "risk", "infrastructure", "data", "architect", "qa", "sre")
    for name in names:
        say(name)
    fine = decide(a_change(), seats, verdicts_in_force(ledger.entries, 7), evidence={"sha256:e"})
    assert fine.stance is Stance.APPROVE
    turned(ledger, "qa")
    held = decide(a_change(), seats, verdicts_in_force(ledger.entries, 7), evidence={"sha256:e"})
    assert held.stance is Stance.HOLD
    assert "qa has not answered" in held.reasons[0]


def test_a_human_who_left_signed_what_they_signed(ledger, seats):
    stop = ledger.add(Draft(Kind.STOP, "stop:0", "stopped", {}), "human:carol")
    assert "neither a seat nor a registered human" in wrongly_signed(stop, seats)
    turned(ledger, "human:carol", "")
    then = replace(seats, humans=(*seats.humans, *departed(ledger.entries, stop.number)))
    assert wrongly_signed(stop, then) == ""
    later = ledger.add(Draft(Kind.STOP, "stop:1", "stopped", {}), "human:carol")
    assert departed(ledger.entries, later.number) == ()


def test_only_a_human_signs_a_change_of_keys(ledger, seats):
    entry = turned(ledger, "qa")
    assert wrongly_signed(entry, seats) == ""
    assert "only a human may" in wrongly_signed(replace(entry, signer="risk"), seats)


@pytest.mark.parametrize(
    "altered",
    [
        {"main": "main"},
        {"main": None},
        {"talks": {"0": MAIN}},
        {"talks": {"-1": MAIN}},
        {"talks": {"1": "x"}},
        {"talks": []},
        {"new": "ssh-ed25519 O"},
        {"new": 3},
        {"why": "x" * 1001},
    ],
)
def test_a_body_that_is_no_change_of_keys_is_untrusted(ledger, altered):
    good = key_changed(KeyChange("qa", "ssh-ed25519 O", "ssh-ed25519 N", "", MAIN, {7: MAIN}))
    body = {**good.body, **altered}
    entry = Entry(1, "e" * 40, "human:alice", Kind.KEY, good.key, good.subject, body)
    with pytest.raises(Untrusted):
        key_change_of(entry)


def test_a_change_of_keys_reads_back_as_it_was_written():
    change = KeyChange("qa", "ssh-ed25519 O", "", "lost on a train", MAIN, {7: MAIN, 12: "e" * 40})
    draft = key_changed(change)
    entry = Entry(1, "e" * 40, "human:alice", draft.kind, draft.key, draft.subject, draft.body)
    assert key_change_of(entry) == change
    assert draft.subject == "the key of qa revoked: lost on a train"


@pytest.fixture
def released(ledger, say, a_change):
    """Change 7, by Quant, approved by QA and Risk, decided and merged by SRE, running as a canary."""
    change = a_change()
    say("qa")
    say("risk")
    decision = Decision(7, change.head, change.base, Stance.APPROVE, ("fine",))
    ledger.add(decisions.decision(ledger.entries, decision, change), "sre")
    landing = {"how": "merge", "commit": "1" * 40, "base": change.base, "change": 7, "head": change.head}
    return ledger.add(releases.release(change, "f" * 40), "sre", landing=landing)


@pytest.mark.parametrize("principal", ["quant", "qa", "risk", "sre"])
def test_a_canary_goes_when_a_key_that_let_it_in_is_taken_away(ledger, released, principal):
    assert shaken(ledger.entries, released) == ""
    entry = turned(ledger, principal)
    assert (
        shaken(ledger.entries, released)
        == f"it rests on a key of {principal} that entry {entry.number} took away"
    )


@pytest.mark.parametrize("principal", ["data", "human:bob"])
def test_a_canary_stays_when_somebody_else_loses_a_key(ledger, released, principal):
    turned(ledger, principal)
    turned(ledger, "human:carol", old="")
    assert shaken(ledger.entries, released) == ""


def test_what_was_changed_before_the_merge_does_not_shake_it(ledger, say, a_change):
    turned(ledger, "qa")
    change = a_change()
    say("qa")
    decision = Decision(7, change.head, change.base, Stance.APPROVE, ("fine",))
    ledger.add(decisions.decision(ledger.entries, decision, change), "sre")
    merged = ledger.add(releases.release(change, "f" * 40), "sre", landing={"commit": "1" * 40})
    assert shaken(ledger.entries, merged) == ""


def test_whoever_lost_a_key_is_asked_again_until_they_speak(ledger, say, a_verdict):
    here = (7, "a" * 40, "b" * 40)
    say("qa")
    say("human:bob")
    say("data", Stance.HOLD)
    assert silenced(ledger.entries, *here) == ()
    for principal in ("qa", "human:bob", "data"):
        turned(ledger, principal)
    assert silenced(ledger.entries, *here) == ("qa",)
    assert silenced(ledger.entries, 7, "9" * 40, "b" * 40) == ()
    say("qa", Stance.HOLD)
    assert silenced(ledger.entries, *here) == ()


def test_an_override_dies_with_its_givers_key(ledger):
    day = date(2026, 11, 21)
    given = Override(7, "qa", "a" * 40, "b" * 40, day, day + timedelta(days=1), "a known flake", "human:bob")
    ledger.add(override(given, "comment"), "human:bob")
    assert overrides_on(ledger.entries, 7) == (given,)
    turned(ledger, "human:bob")
    assert overrides_on(ledger.entries, 7) == ()


def test_a_test_and_its_evidence_promote_nothing_after_the_key_changed(ledger, seats, a_change, scales):
    change = a_change()
    ledger.add(opened_test(ledger.entries, change, 0.001, 0, scales, "sha256:p"), "risk")
    opened = [one for one in in_force(ledger.entries) if one.kind is Kind.TEST_OPENED]
    assert len(opened) == 1
    turned(ledger, "risk")
    assert [one for one in in_force(ledger.entries) if one.kind is Kind.TEST_OPENED] == []
    assert gate.promoting(ledger.entries, change, seats) == frozenset()
