"""Overrides of a hold: what they never reach, how they end, and that a decision with one is recomputed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.override import Override, Overrides
from alphaloop.facts.verdict import Stance
from alphaloop.rules import gate
from alphaloop.rules.audit import audited
from alphaloop.rules.decide import decide
from alphaloop.rules.entries import decisions, overrides, verdicts
from alphaloop.rules.required import required

HEAD, BASE, OTHER = "a" * 40, "b" * 40, "d" * 40
GIVEN, UNTIL = date(2026, 3, 1), date(2026, 3, 5)
EVIDENCE = ("sha256:e",)


def an_override(**more):
    given = Override(7, "qa", HEAD, BASE, GIVEN, UNTIL, "the mutant is equivalent", "human:alice")
    return replace(given, **more)


@pytest.fixture
def held(seats, a_change, a_verdict):
    """Everybody required approves, and QA holds."""
    slow = (Finding("mutants", Severity.WARNING, "two survive"),)
    return [
        a_verdict("qa", Stance.HOLD, findings=slow) if name == "qa" else a_verdict(name)
        for name in required(a_change(), seats)
    ]


def stance(change, seats, said, *given, day=GIVEN):
    return decide(change, seats, said, evidence=EVIDENCE, overrides=Overrides(given, day)).stance


def test_a_hold_that_is_overridden_lets_the_change_land_and_says_so(seats, a_change, held):
    decided = decide(a_change(), seats, held, evidence=EVIDENCE, overrides=Overrides((an_override(),), GIVEN))
    assert decided.stance is Stance.APPROVE
    assert decided.day == GIVEN
    assert (
        "qa: hold, two survive; overridden by human:alice until 2026-03-05: the mutant is equivalent"
        in decided.reasons
    )


@pytest.mark.parametrize(
    ("given", "day", "why"),
    [
        (an_override(head=OTHER), GIVEN, "it was given on dddddddddddd onto bbbbbbbbbbbb"),
        (an_override(base=OTHER), GIVEN, "it was given on aaaaaaaaaaaa onto dddddddddddd"),
        (an_override(), UNTIL + timedelta(days=1), "it lasted until 2026-03-05"),
        (an_override(), GIVEN - timedelta(days=1), "it lasted until 2026-03-05"),
        (an_override(), None, "it lasted until 2026-03-05"),
        (an_override(by="human:mallory"), GIVEN, "human:mallory is no registered human"),
        (an_override(by="sre"), GIVEN, "sre is no registered human"),
    ],
)
def test_an_override_that_does_not_count_leaves_the_hold_and_says_why(seats, a_change, held, given, day, why):
    decided = decide(a_change(), seats, held, evidence=EVIDENCE, overrides=Overrides((given,), day))
    assert decided.stance is Stance.HOLD
    assert decided.reasons[0].endswith(f"does not count: {why}")


def test_the_last_day_still_counts_and_the_next_does_not(seats, a_change, held):
    assert stance(a_change(), seats, held, an_override(), day=UNTIL) is Stance.APPROVE
    assert stance(a_change(), seats, held, an_override(), day=UNTIL + timedelta(days=1)) is Stance.HOLD


def test_a_veto_is_never_overridden(seats, a_change, a_verdict, held):
    for seat in ("qa", "risk", "sre", "data"):
        said = [*held, a_verdict(seat, Stance.VETO)]
        given = [an_override(seat=name) for name in ("qa", "risk", "sre", "data")]
        assert stance(a_change(), seats, said, *given) is Stance.VETO


def test_neither_risk_nor_the_merging_seat_is_overridden(seats, a_change, a_verdict, held):
    for seat in ("risk", "sre"):
        said = [one for one in held if one.seat not in ("qa", seat)]
        said += [a_verdict("qa"), a_verdict(seat, Stance.HOLD)]
        decided = decide(
            a_change(), seats, said, evidence=EVIDENCE, overrides=Overrides((an_override(seat=seat),), GIVEN)
        )
        assert decided.stance is Stance.HOLD
        assert f"nobody overrides {seat}" in decided.reasons[0]


def test_nobody_overrides_a_hold_on_what_they_wrote(seats, a_change, a_verdict):
    change = a_change("tests/test_a.py", author="human:alice")
    said = [a_verdict("risk", evidence=""), a_verdict("qa", Stance.HOLD)]
    assert stance(change, seats, said, an_override()) is Stance.HOLD
    assert stance(change, seats, said, an_override(by="human:bob")) is Stance.APPROVE


def test_a_persons_hold_is_lifted_and_never_overridden(seats, a_change, a_verdict, held):
    said = [*held, a_verdict("human:bob", Stance.HOLD)]
    given = (an_override(), an_override(seat="human:bob"))
    assert stance(a_change(), seats, said, *given) is Stance.HOLD


def test_silence_is_not_overridden(seats, a_change, held):
    said = [one for one in held if one.seat != "qa"]
    assert stance(a_change(), seats, said, an_override()) is Stance.HOLD


@given(data=st.data())
def test_an_override_never_touches_anything_but_the_hold_of_its_seat(seats, a_change, a_verdict, data):
    names = [seat.name for seat in seats.seats]
    said = [
        a_verdict(data.draw(st.sampled_from([*names, "human:bob"])), data.draw(st.sampled_from(Stance)))
        for _ in range(data.draw(st.integers(0, 10)))
    ]
    seat = data.draw(st.sampled_from(names))
    day = data.draw(st.dates(GIVEN - timedelta(days=3), UNTIL + timedelta(days=3)))
    before = stance(a_change(), seats, said)
    after = stance(a_change(), seats, said, an_override(seat=seat), day=day)
    assert after is before or (before, after) == (Stance.HOLD, Stance.APPROVE)
    if after is not before:
        rest = [one for one in said if (one.seat, one.stance) != (seat, Stance.HOLD)]
        assert stance(a_change(), seats, [*rest, a_verdict(seat)]) is Stance.APPROVE


@pytest.mark.parametrize(
    "wrong",
    [{"until": date(2026, 2, 28)}, {"until": date(2026, 4, 1)}, {"reason": " "}],
)
def test_an_impossible_override_is_refused_at_birth(wrong):
    with pytest.raises(ValueError, match="override"):
        an_override(**wrong)


def test_an_override_reads_back_as_it_was_given_and_only_its_giver_signs_it(ledger):
    entry = ledger.add(overrides.override(an_override(), "k"), "human:alice")
    assert overrides.override_of(entry) == an_override()
    with pytest.raises(Untrusted, match="signed an override of"):
        overrides.override_of(replace(entry, signer="quant"))
    for name, value in (("until", "2026-3-5"), ("until", "20260305"), ("given", "9"), ("reason", "")):
        with pytest.raises(Untrusted):
            overrides.override_of(replace(entry, body={**entry.body, name: value}))


def test_verify_recomputes_a_decision_with_an_override_and_sees_a_day_that_goes_back(
    ledger, seats, a_change, a_verdict
):
    change = a_change("tests/test_a.py", author="human:bob")
    for said in (a_verdict("risk", evidence=""), a_verdict("qa", Stance.HOLD)):
        ledger.add(verdicts.verdict(ledger.entries, said), said.seat)
    ledger.add(overrides.override(an_override(), "k"), "human:alice")

    def decided(day):
        made = gate.decided(ledger.entries, change, seats, day)
        return made, ledger.add(decisions.decision(ledger.entries, made, change), "sre")

    assert decided(UNTIL)[0].may_merge
    assert not decided(UNTIL + timedelta(days=1))[0].may_merge
    assert _false(ledger.entries, seats) == []
    # A clock that was set back does not make the override young again.
    assert decided(UNTIL)[0].day == UNTIL + timedelta(days=1)
    # Whoever writes the earlier day down all the same is seen.
    young = decide(
        change,
        seats,
        verdicts.verdicts_on(ledger.entries, 7),
        overrides=Overrides((an_override(),), UNTIL),
    )
    assert young.may_merge
    forged = replace(young, reasons=(*young.reasons, "again"))
    ledger.add(decisions.decision(ledger.entries, forged, change), "sre")
    ledger.add(replace(decisions.decision(ledger.entries, young, change), key="another"), "sre")
    assert len(_false(ledger.entries, seats)) == 2


def test_without_a_day_a_decision_is_recorded_once_however_often_it_is_taken(
    ledger, seats, a_change, a_verdict
):
    first = gate.decided(ledger.entries, a_change(), seats, GIVEN)
    later = gate.decided(ledger.entries, a_change(), seats, UNTIL)
    assert first == later
    assert first.day is None


def _false(entries, seats):
    claims = audited(entries, lambda commit: seats, "m" * 40, lambda *_: False)
    return [claim for claim in claims if claim.holds is Holds.FALSE]


def test_a_seat_that_signs_an_override_is_seen(ledger, seats):
    given = replace(an_override(), by="qa")
    ledger.add(overrides.override(given, "k"), "qa")
    assert [claim.what for claim in _false(ledger.entries, seats)] == [f"{Kind.OVERRIDE} 1"]
