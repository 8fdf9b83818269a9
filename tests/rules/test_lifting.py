"""A person's hold or veto: who lifts it, and that nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.verdict import Stance
from alphaloop.rules.decide import decide, standing
from alphaloop.rules.required import authors, required

OTHER = "d" * 40
ALICE, BOB, MALLORY = "human:alice", "human:bob", "human:mallory"
EVIDENCE = ("sha256:e",)


@pytest.fixture
def approvals(seats, a_change, a_verdict):
    return [a_verdict(name) for name in required(a_change(), seats)]


def stance(change, seats, said):
    return decide(change, seats, said, evidence=EVIDENCE).stance


def test_a_maintainer_lifts_what_another_person_held(seats, a_change, a_verdict, approvals):
    for held in (Stance.HOLD, Stance.VETO):
        said = [*approvals, a_verdict(ALICE, held, head=OTHER), a_verdict(BOB, Stance.ABSTAIN)]
        assert stance(a_change(), seats, said) is Stance.APPROVE


def test_who_wrote_a_part_of_it_lifts_their_own_word_and_nobody_elses(seats, a_change, a_verdict):
    change = a_change("tests/test_a.py", author=BOB)
    said = [a_verdict("risk", evidence=""), a_verdict("qa")]
    lifted = a_verdict(BOB, Stance.ABSTAIN)
    assert stance(change, seats, [*said, a_verdict(ALICE, Stance.HOLD), lifted]) is Stance.HOLD
    assert stance(change, seats, [*said, a_verdict(BOB, Stance.HOLD), lifted]) is Stance.APPROVE


def test_a_stranger_lifts_nothing(seats, a_change, a_verdict, approvals):
    said = [*approvals, a_verdict(ALICE, Stance.VETO), a_verdict(MALLORY, Stance.ABSTAIN)]
    assert stance(a_change(), seats, said) is Stance.VETO


def test_a_seat_lifts_nothing(seats, a_change, a_verdict, approvals):
    for seat in [one.name for one in seats.seats]:
        said = [*approvals, a_verdict(ALICE, Stance.HOLD), a_verdict(seat, Stance.ABSTAIN)]
        assert stance(a_change(), seats, said) >= Stance.HOLD


def test_what_is_held_after_the_lifting_is_held(seats, a_change, a_verdict, approvals):
    said = [*approvals, a_verdict(BOB, Stance.ABSTAIN), a_verdict(ALICE, Stance.HOLD)]
    assert stance(a_change(), seats, said) is Stance.HOLD


def test_lifting_withdraws_no_approval(seats, a_change, a_verdict):
    change = a_change("pyproject.toml", author="architect")
    said = [a_verdict(name) for name in required(change, seats)]
    said += [a_verdict(BOB), a_verdict(ALICE, Stance.HOLD), a_verdict(BOB, Stance.ABSTAIN)]
    assert stance(change, seats, said) is Stance.APPROVE


def test_the_hold_of_who_left_the_desk_is_lifted_by_who_is_there(seats, a_change, a_verdict, approvals):
    said = [*approvals, a_verdict(MALLORY, Stance.HOLD, head=OTHER)]
    assert stance(a_change(), seats, said) is Stance.BROKEN
    assert stance(a_change(), seats, [*said, a_verdict(BOB, Stance.ABSTAIN)]) is Stance.APPROVE


@given(data=st.data())
def test_an_objection_is_never_lost_but_by_its_giver_or_a_maintainer(seats, a_change, a_verdict, data):
    change = a_change("tests/test_a.py", author=data.draw(st.sampled_from(["qa", BOB])))
    people = st.sampled_from([ALICE, BOB, MALLORY])
    words = st.tuples(people, st.sampled_from(Stance), st.sampled_from(["a" * 40, OTHER]))
    said = [a_verdict(who, how, head=head) for who, how, head in data.draw(st.lists(words, max_size=8))]
    before = {one.seat: one for one in standing(change, seats, said) if one.stance >= Stance.HOLD}
    seat = data.draw(st.sampled_from([ALICE, BOB, MALLORY, "risk", "qa", "sre"]))
    how, head = data.draw(st.sampled_from(Stance)), data.draw(st.sampled_from(["a" * 40, OTHER]))
    newest = a_verdict(seat, how, head=head)
    after = standing(change, seats, [*said, newest])
    for giver, objection in before.items():
        maintains = seat in (ALICE, BOB) and seat not in authors(change) and newest.stance is Stance.ABSTAIN
        if giver != seat and not maintains:
            assert objection in after


@given(data=st.data())
def test_a_push_never_lifts_an_objection(seats, a_change, a_verdict, data):
    words = st.tuples(st.sampled_from([ALICE, BOB]), st.sampled_from(Stance))
    said = [a_verdict(who, how) for who, how in data.draw(st.lists(words, max_size=8))]
    before = [one for one in standing(a_change(), seats, said) if one.stance >= Stance.HOLD]
    assert [one for one in standing(a_change(head=OTHER), seats, said) if one.stance >= Stance.HOLD] == before
