"""A verdict counts only for what it is bound to: alter any of it, even as its own seat, and nothing lands."""

from dataclasses import replace

import pytest

from alphaloop.errors import Broken, Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.verdict import BINDING, Grounds, Stance
from alphaloop.rules.audit import audited
from alphaloop.rules.betting import judge
from alphaloop.rules.bound import void
from alphaloop.rules.budget import next_level
from alphaloop.rules.entries.evidence import evidence, evidence_digest
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.verdicts import verdict, verdict_of
from alphaloop.rules.gate import decided
from alphaloop.rules.required import required

PLAYED = {"judged_by": "b" * 40, "world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
ELSEWHERE = "9" * 40
RULES = ("constitution", "world", "limits", "scenarios", "judge")


@pytest.fixture
def won(ledger, a_change, a_pair, scales):
    """The evidence of a test that shows the change to be better."""
    change = a_change()
    test = ledger.add(opened(ledger.entries, change, next_level(ledger.entries), 0, scales, "sha256:p"))
    pairs = tuple(a_pair(1.0) for _ in range(400))
    judged = judge(pairs, scales, test.body["level"])
    here = (change.number, change.head, change.head_tree, change.base)
    return ledger.add(evidence(Evidence(test.commit, *here, "00", scales, pairs, PLAYED, judged)))


@pytest.fixture
def speak(ledger, a_change, a_verdict, rests, seats, won):
    """Let every required seat approve; `alter` has a hand in what one of them signs."""

    def run(seat, alter):
        for name in required(a_change(), seats):
            said = rests(a_verdict(name, evidence=evidence_digest(won) if name == "risk" else ""))
            ledger.add(verdict(ledger.entries, alter(said) if name == seat else said), name)

    return run


@pytest.fixture
def false(ledger, seats):
    """What verify says of verdicts that do not hold."""

    def run():
        claims = audited(tuple(ledger.entries), lambda commit: seats, "m" * 40, lambda *_: False)
        return [one.words for one in claims if one.holds is Holds.FALSE and one.what.startswith("verdict")]

    return run


def _ground(**other):
    return lambda said: replace(said, grounds=replace(said.grounds, **other))


def _bound(name):
    return lambda said: _ground(bound={**said.grounds.bound, name: "another"})(said)


def test_what_is_bound_to_all_that_stands_lands(ledger, a_change, seats, speak, false):
    speak("risk", lambda said: said)
    decision = decided(ledger.entries, a_change(), seats)
    assert decision.may_merge, decision.reasons
    assert false() == []


@pytest.mark.parametrize(
    ("seat", "alter", "words"),
    [
        ("risk", _ground(genesis=ELSEWHERE), "in the repository of ledger 999999999999"),
        ("qa", _ground(genesis=ELSEWHERE), "in the repository of ledger 999999999999"),
        ("risk", _ground(test=2), "names test 2, and its evidence belongs to test 1"),
        ("risk", _ground(opened=ELSEWHERE), "its evidence belongs to test 1"),
        ("risk", _ground(test=None, opened=""), "names test None"),
        ("qa", _ground(test=1, opened=ELSEWHERE), "names test 1, and no evidence of it"),
        ("risk", lambda said: replace(said, evidence="sha256:other"), "is not in the ledger before it"),
        ("risk", lambda said: replace(said, evidence=""), "and no evidence of it"),
        *(("risk", _bound(name), f"another {name} than ") for name in PLAYED if name != "judged_by"),
        *(("sre", _bound(name), f"another {name} than the first answer") for name in RULES),
        ("risk", _bound("judged_by"), "judged by another and not by its base"),
        ("qa", _bound("judged_by"), "judged by another and not by its base"),
    ],
)
def test_a_bound_field_that_is_altered_voids_the_verdict(
    ledger, a_change, seats, speak, false, seat, alter, words
):
    speak(seat, alter)
    decision = decided(ledger.entries, a_change(), seats)
    assert decision.stance is Stance.BROKEN
    assert any(f"{seat}: broken, its answer is void" in one and words in one for one in decision.reasons)
    assert any(words in one for one in false())


def test_another_tree_than_the_head_has_voids_the_verdict(ledger, a_change, seats, speak):
    speak("qa", _ground(head_tree=ELSEWHERE))
    decision = decided(ledger.entries, a_change(), seats)
    assert decision.stance is Stance.BROKEN
    assert "bound to the tree 999999999999" in decision.reasons[0]


@pytest.mark.parametrize("other", [{"head": ELSEWHERE}, {"base": ELSEWHERE}, {"change": 8}])
def test_a_verdict_on_another_head_base_or_change_is_silence(ledger, a_change, seats, speak, other):
    speak("qa", lambda said: replace(said, **other))
    decision = decided(ledger.entries, a_change(), seats)
    assert decision.stance is Stance.HOLD
    assert "qa has not answered" in decision.reasons[0]


def test_another_head_with_a_bound_test_is_void_wherever_it_is_read(ledger, a_verdict, rests, won):
    said = rests(a_verdict("risk", evidence=evidence_digest(won)))
    assert void(ledger.entries, said) == ""
    assert "another head, tree or base" in void(ledger.entries, replace(said, head=ELSEWHERE))


@pytest.mark.parametrize("stance", [Stance.HOLD, Stance.VETO])
@pytest.mark.parametrize("seat", ["risk", "qa", "human:alice"])
def test_what_is_void_still_stops(ledger, a_change, a_verdict, seats, speak, seat, stance):
    speak("nobody", lambda said: said)
    said = _ground(genesis=ELSEWHERE)(a_verdict(seat, stance))
    ledger.add(verdict(ledger.entries, said), seat)
    assert decided(ledger.entries, a_change(), seats).stance is stance


def test_a_void_word_of_a_person_lifts_nothing(ledger, a_change, a_verdict, seats, speak):
    speak("nobody", lambda said: said)
    ledger.add(verdict(ledger.entries, a_verdict("human:alice", Stance.HOLD)), "human:alice")
    lifted = _ground(genesis=ELSEWHERE)(a_verdict("human:alice", Stance.ABSTAIN))
    ledger.add(verdict(ledger.entries, lifted), "human:alice")
    assert not decided(ledger.entries, a_change(), seats).may_merge


def test_evidence_that_is_recorded_after_its_verdict_is_no_ground(ledger, a_change, seats, speak, won):
    """The verdict would have been given before anything was played."""
    speak("risk", lambda said: said)
    entries = [one for one in ledger.entries if one is not won]
    late = [replace(one, number=place) for place, one in enumerate([*entries, won])]
    assert decided(late, a_change(), seats).stance is Stance.BROKEN


def test_a_verdict_stands_under_its_own_key_only(ledger, a_verdict):
    entry = ledger.add(verdict(ledger.entries, a_verdict("qa")), "qa")
    assert verdict_of(entry) == a_verdict("qa")
    for key in (entry.key.replace("qa:0", "qa:1"), entry.key[:-1] + "g", "verdict"):
        with pytest.raises(Untrusted, match="another key than its own"):
            verdict_of(replace(entry, key=key))


def test_no_field_of_a_verdict_can_be_altered_added_or_left_out(ledger, a_verdict):
    entry = ledger.add(verdict(ledger.entries, a_verdict("qa")), "qa")
    for name in entry.body:
        for body in (
            {**entry.body, name: [name]},
            {one: entry.body[one] for one in entry.body if one != name},
        ):
            with pytest.raises(Untrusted):
                verdict_of(replace(entry, body=body))
    with pytest.raises(Untrusted, match="other fields"):
        verdict_of(replace(entry, body={**entry.body, "more": 1}))


def test_what_is_bound_to_nothing_is_not_recorded(ledger, a_verdict):
    with pytest.raises(Broken, match="bound to nothing"):
        verdict(ledger.entries, replace(a_verdict("qa"), grounds=None))


@pytest.mark.parametrize("name", BINDING)
def test_grounds_lack_nothing(name):
    whole = dict.fromkeys(BINDING, "x")
    assert Grounds("e" * 40, "c" * 40, None, "", whole)
    for less in ({one: "x" for one in BINDING if one != name}, {**whole, name: ""}):
        with pytest.raises(ValueError, match=name):
            Grounds("e" * 40, "c" * 40, None, "", less)


@pytest.mark.parametrize(("test", "entry"), [(1, ""), (None, "e" * 40), (0, "e" * 40)])
def test_a_test_is_named_by_number_and_entry_or_not_at_all(test, entry):
    with pytest.raises(ValueError, match="names a test"):
        Grounds("e" * 40, "c" * 40, test, entry, dict.fromkeys(BINDING, "x"))
