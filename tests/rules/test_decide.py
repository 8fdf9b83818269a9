"""The merge decision: refusals first, then what never and always holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.change import Touched
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance
from alphaloop.rules.decide import decide
from alphaloop.rules.required import required

OTHER = "d" * 40
EVIDENCE = ("sha256:e",)
NAMES = ("quant", "execution", "risk", "infrastructure", "data", "qa", "sre", "human:alice", "human:bob")


@pytest.fixture
def approvals(seats, a_change, a_verdict):
    return [a_verdict(name) for name in required(a_change(), seats)]


def test_everybody_required_approving_merges(seats, a_change, approvals):
    decision = decide(a_change(), seats, approvals, evidence=EVIDENCE)
    assert decision.stance is Stance.APPROVE, decision.reasons
    assert decision.may_merge
    assert all("approve" in reason for reason in decision.reasons)


def test_silence_holds_the_change(seats, a_change, approvals):
    for absent in approvals:
        rest = [verdict for verdict in approvals if verdict is not absent]
        decision = decide(a_change(), seats, rest, evidence=EVIDENCE)
        assert decision.stance is Stance.HOLD
        assert absent.seat in decision.reasons[0]


def test_nobody_speaking_is_no_approval(seats, a_change):
    assert not decide(a_change(), seats, (), evidence=EVIDENCE).may_merge


def test_a_push_withdraws_every_approval(seats, a_change, approvals):
    assert decide(a_change(head=OTHER), seats, approvals, evidence=EVIDENCE).stance is Stance.HOLD


def test_a_moved_base_withdraws_every_approval(seats, a_change, approvals):
    assert decide(a_change(base=OTHER), seats, approvals, evidence=EVIDENCE).stance is Stance.HOLD


def test_a_required_seat_that_abstains_holds(seats, a_change, a_verdict, approvals):
    said = [a_verdict("qa", Stance.ABSTAIN) if one.seat == "qa" else one for one in approvals]
    assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.HOLD


def test_risk_abstaining_is_broken(seats, a_change, a_verdict, approvals):
    said = [a_verdict("risk", Stance.ABSTAIN) if one.seat == "risk" else one for one in approvals]
    assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.BROKEN


def test_an_unknown_seats_verdict_is_broken(seats, a_change, a_verdict, approvals):
    for stranger in ("boss", "human:mallory", "*"):
        said = [*approvals, a_verdict(stranger)]
        assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.BROKEN


def test_an_author_never_approves_their_own_change(seats, a_change, a_verdict, approvals):
    by_qa = a_change("tests/test_a.py", author="qa")
    assert "qa" not in required(by_qa, seats)
    decision = decide(by_qa, seats, [a_verdict("qa"), a_verdict("risk")], evidence=EVIDENCE)
    assert any("does not count" in reason for reason in decision.reasons)
    assert not decide(by_qa, seats, [a_verdict("qa")], evidence=EVIDENCE).may_merge


def test_whoever_pushed_one_commit_is_an_author(seats, a_change, a_verdict, approvals):
    change = a_change()
    touched = (*change.touched, Touched("tests/test_a.py", "100644", "qa", "e" * 40))
    decision = decide(replace(change, touched=touched), seats, approvals, evidence=EVIDENCE)
    assert any("qa wrote a part of it" in reason for reason in decision.reasons)


def test_risk_writing_a_change_cannot_land_it(seats, a_change, a_verdict):
    change = a_change("agents/risk/POLICY.md", author="risk")
    decision = decide(change, seats, [a_verdict("risk"), a_verdict("human:alice")], evidence=EVIDENCE)
    assert decision.stance is Stance.HOLD


def test_the_merging_seat_never_merges_what_it_wrote(seats, a_change, a_verdict):
    change = a_change("release.yaml", author="sre")
    said = [a_verdict("risk"), a_verdict("human:alice")]
    decision = decide(change, seats, said, evidence=EVIDENCE)
    assert decision.stance is Stance.HOLD
    assert any("whoever merges" in reason for reason in decision.reasons)


def test_a_stop_holds_and_says_why(seats, a_change, approvals):
    decision = decide(a_change(), seats, approvals, evidence=EVIDENCE, stopped="human:alice: smoke")
    assert decision.stance is Stance.HOLD
    assert any("smoke" in reason for reason in decision.reasons)


def test_risk_approving_a_release_without_evidence_is_broken(seats, a_change, a_verdict, approvals):
    said = [replace(one, evidence="") for one in approvals]
    assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.BROKEN


def test_evidence_that_is_not_in_the_ledger_is_broken(seats, a_change, approvals):
    assert decide(a_change(), seats, approvals).stance is Stance.BROKEN


def test_tests_need_no_tournament(seats, a_change, a_verdict):
    change = a_change("tests/test_a.py", author="human:alice")
    said = [a_verdict("risk", evidence=""), a_verdict("qa")]
    assert decide(change, seats, said).may_merge


def test_a_humans_hold_stays_across_pushes(seats, a_change, a_verdict, approvals):
    held = a_verdict("human:alice", Stance.HOLD, head=OTHER, base=OTHER)
    assert decide(a_change(), seats, [held, *approvals], evidence=EVIDENCE).stance is Stance.HOLD
    lifted = a_verdict("human:alice", Stance.ABSTAIN)
    assert decide(a_change(), seats, [held, *approvals, lifted], evidence=EVIDENCE).may_merge


def test_only_its_giver_lifts_a_hold(seats, a_change, a_verdict, approvals):
    held = a_verdict("human:alice", Stance.VETO, head=OTHER)
    said = [held, *approvals, a_verdict("human:bob")]
    assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.VETO


def test_nobody_softens_a_machines_veto_on_the_same_head(seats, a_change, a_verdict, approvals):
    veto = a_verdict("risk", Stance.VETO)
    broken = a_verdict("risk", Stance.BROKEN)
    for said in ([veto, *approvals], [veto, broken, *approvals], [*approvals, veto]):
        assert decide(a_change(), seats, said, evidence=EVIDENCE).stance is Stance.VETO


def test_a_failure_of_the_platform_gives_way_to_a_later_answer(seats, a_change, a_verdict, approvals):
    broken = a_verdict("risk", Stance.BROKEN)
    assert decide(a_change(), seats, [broken, *approvals], evidence=EVIDENCE).may_merge
    assert decide(a_change(), seats, [*approvals, broken], evidence=EVIDENCE).stance is Stance.BROKEN


def test_what_is_out_of_scope_is_vetoed_whatever_the_seats_say(seats, a_change, approvals):
    change = a_change("strategy.py", "risk.py")
    assert decide(change, seats, approvals, evidence=EVIDENCE).stance is Stance.VETO


def test_an_escalated_hypothesis_waits_for_a_human(seats, a_change, a_verdict, approvals):
    held = decide(a_change(), seats, approvals, evidence=EVIDENCE, escalated=True)
    assert held.stance is Stance.HOLD
    said = [*approvals, a_verdict("human:alice")]
    assert decide(a_change(), seats, said, evidence=EVIDENCE, escalated=True).may_merge


def test_a_build_file_of_a_seat_waits_for_a_human(seats, a_change, a_verdict):
    change = a_change("pyproject.toml", author="architect")
    said = [a_verdict(name) for name in required(change, seats)]
    assert decide(change, seats, said).stance is Stance.HOLD
    assert decide(change, seats, [*said, a_verdict("human:bob")]).may_merge


def test_the_reasons_name_the_finding_that_weighs_most(seats, a_change, a_verdict, approvals):
    findings = (
        Finding("static", Severity.WARNING, "unusual"),
        Finding("static", Severity.VETO, "imports os", "strategy.py", 3),
    )
    said = [*approvals, a_verdict("risk", Stance.VETO, findings=findings)]
    decision = decide(a_change(), seats, said, evidence=EVIDENCE)
    assert "imports os" in decision.reasons[0]


def _verdicts(a_verdict):
    heads = st.sampled_from(["a" * 40, OTHER])
    return st.lists(
        st.builds(
            lambda seat, stance, head, base: a_verdict(seat, stance, head=head, base=base),
            st.sampled_from(NAMES),
            st.sampled_from(Stance),
            heads,
            st.sampled_from(["b" * 40, OTHER]),
        ),
        max_size=14,
    )


@given(data=st.data())
def test_it_never_approves_while_anybody_objects(seats, a_change, a_verdict, data):
    said = data.draw(_verdicts(a_verdict))
    decision = decide(a_change(), seats, said, evidence=EVIDENCE)
    newest = {}
    for verdict in said:
        if (verdict.head, verdict.base) == ("a" * 40, "b" * 40):
            newest.setdefault(verdict.seat, []).append(verdict.stance)
    objections = [
        max((s for s in stances if s is not Stance.BROKEN), default=Stance.BROKEN)
        for name, stances in newest.items()
        if not name.startswith("human:")
    ]
    if any(stance >= Stance.HOLD for stance in objections):
        assert not decision.may_merge
    if decision.may_merge:
        spoke = {seat for seat, stances in newest.items() if Stance.APPROVE in stances}
        assert set(required(a_change(), seats)) <= spoke


@given(data=st.data())
def test_it_never_counts_a_machines_verdict_on_another_head(seats, a_change, a_verdict, data):
    said = data.draw(_verdicts(a_verdict))
    machines = [one for one in said if not one.seat.startswith("human:")]
    here = [one for one in machines if (one.head, one.base) == ("a" * 40, "b" * 40)]
    all_of_them = decide(a_change(), seats, machines, evidence=EVIDENCE)
    assert all_of_them == decide(a_change(), seats, here, evidence=EVIDENCE)


@given(data=st.data())
def test_a_stricter_verdict_never_softens(seats, a_change, a_verdict, data):
    said = data.draw(_verdicts(a_verdict))
    before = decide(a_change(), seats, said, evidence=EVIDENCE).stance
    seat = data.draw(st.sampled_from(NAMES))
    # Risk's abstention is no mild answer: it breaks the review, and only "broken" is as strict.
    mine = [one.stance for one in said if one.seat == seat]
    earlier = [Stance.BROKEN if seat == "risk" and one is Stance.ABSTAIN else one for one in mine]
    stance = data.draw(st.sampled_from([s for s in Stance if s >= max([*earlier, Stance.HOLD])]))
    after = decide(a_change(), seats, [*said, a_verdict(seat, stance)], evidence=EVIDENCE).stance
    assert after >= before


@given(data=st.data())
def test_a_stop_never_softens(seats, a_change, a_verdict, data):
    said = data.draw(_verdicts(a_verdict))
    free = decide(a_change(), seats, said, evidence=EVIDENCE).stance
    stopped = decide(a_change(), seats, said, evidence=EVIDENCE, stopped="why")
    assert stopped.stance >= max(free, Stance.HOLD)


def test_a_persons_old_commit_in_a_seats_change_lands_only_with_a_persons_approval(
    a_change, seats, a_verdict
):
    mixed = a_change("strategy.py", "risk.py")
    touched = (mixed.touched[0], replace(mixed.touched[1], committer="human:alice"))
    mixed = replace(mixed, touched=touched)
    said = [a_verdict(name) for name in required(mixed, seats)]
    refused = decide(mixed, seats, said, evidence=("sha256:e",))
    assert refused.stance is Stance.HOLD
    assert "risk.py" in refused.reasons[0]
    own_word = [*said, a_verdict("human:alice")]
    assert decide(mixed, seats, own_word, evidence=("sha256:e",)).stance is Stance.HOLD
    anothers_word = [*said, a_verdict("human:bob")]
    assert decide(mixed, seats, anothers_word, evidence=("sha256:e",)).may_merge
