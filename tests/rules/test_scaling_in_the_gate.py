"""What the gate, the ledger and verify make of a scaling, and of what only says that it is one."""

from dataclasses import replace

import pytest

from alphaloop.errors import Untrusted
from alphaloop.facts.change import SCALED_PATHS, Scaling, Touched
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.release import Release
from alphaloop.facts.verdict import Stance
from alphaloop.rules.audit import audited
from alphaloop.rules.betting import judge
from alphaloop.rules.bound import counted, void
from alphaloop.rules.budget import next_level
from alphaloop.rules.decide import decide
from alphaloop.rules.endings import wrong_release
from alphaloop.rules.entries.changes import change_body, change_in
from alphaloop.rules.entries.decisions import decision
from alphaloop.rules.entries.evidence import evidence
from alphaloop.rules.entries.fields import within
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.releases import release, release_of, rollback
from alphaloop.rules.entries.verdicts import verdict
from alphaloop.rules.required import required

ALICE = "human:alice"
HEAD, BASE, TREE = "a" * 40, "b" * 40, "c" * 40
TWICE = Scaling(10.0, 20.0, (ALICE,))


@pytest.fixture
def scaled(a_change):
    return a_change(*SCALED_PATHS, author=ALICE, scaling=TWICE)


@pytest.fixture
def speak(ledger, a_verdict, scaled, seats):
    """Let every required seat approve, bound to `judged_by`."""

    def run(judged_by=HEAD, tainted="no", **more):
        for name in required(scaled, seats):
            said = a_verdict(name, evidence="", **more)
            bound = {**said.grounds.bound, "judged_by": judged_by, "tainted": tainted}
            said = replace(said, grounds=replace(said.grounds, bound=bound))
            ledger.add(verdict(ledger.entries, said), name)
        return counted(tuple(ledger.entries), scaled)

    return run


def test_without_a_tournament_it_may_merge_when_every_seat_judged_it_by_its_own_limits(scaled, seats, speak):
    assert scaled.judged_by == HEAD
    assert decide(scaled, seats, speak()).may_merge


def test_the_same_words_on_a_change_that_is_none_are_void_and_unproven(scaled, seats, speak, ledger):
    said = speak()
    ordinary = replace(scaled, scaling=None)
    assert ordinary.judged_by == BASE
    unproven = decide(ordinary, seats, said)
    assert not unproven.may_merge
    assert any("names no evidence" in reason for reason in unproven.reasons)
    void_ = decide(ordinary, seats, counted(tuple(ledger.entries), ordinary))
    assert void_.stance is Stance.BROKEN
    assert any(
        "judged by aaaaaaaaaaaa and not by its base bbbbbbbbbbbb" in reason for reason in void_.reasons
    )


def test_an_answer_by_the_limits_of_the_base_is_void_on_a_scaling(scaled, seats, speak):
    made = decide(scaled, seats, speak(judged_by=BASE))
    assert any("not by its head aaaaaaaaaaaa" in reason for reason in made.reasons)
    assert not decide(scaled, seats, speak(judged_by=TREE)).may_merge


def test_a_scaling_that_was_played_without_isolation_does_not_land(scaled, seats, speak):
    made = decide(scaled, seats, speak(tainted="yes"))
    assert made.stance is Stance.BROKEN
    assert any("without isolation" in reason for reason in made.reasons)


def test_its_author_approves_nothing_and_a_silent_seat_holds_it(scaled, seats, speak, a_verdict):
    said = [one for one in speak() if one.seat != "risk"]
    assert not decide(scaled, seats, said).may_merge
    assert not decide(scaled, seats, [*said, a_verdict(ALICE)]).may_merge, "nobody approves what they wrote"


def test_an_answer_on_it_says_nothing_of_another_head(scaled, seats, speak):
    pushed = replace(scaled, head="d" * 40, head_tree="e" * 40)
    assert not decide(pushed, seats, speak()).may_merge


def test_a_verdict_judged_by_a_third_commit_is_void_wherever_it_stands(ledger, a_verdict):
    said = a_verdict("qa", evidence="")
    for judged_by, wrong in ((BASE, False), (HEAD, False), ("9" * 40, True)):
        bound = {**said.grounds.bound, "judged_by": judged_by}
        assert (
            bool(void(tuple(ledger.entries), replace(said, grounds=replace(said.grounds, bound=bound))))
            is wrong
        )


# What the ledger keeps of it.


def test_it_is_written_down_and_read_back_and_other_changes_are_written_as_ever(scaled, a_change):
    assert change_in(within(change_body(scaled), "here")) == scaled
    assert "scaling" not in change_body(a_change())
    same, seat = (
        {"before": 5, "after": 5, "signers": [ALICE]},
        {"before": 1, "after": 2, "signers": ["quant"]},
    )
    for wrong in (same, seat, {"before": 1, "after": "x", "signers": [ALICE]}, {}, None, 3):
        with pytest.raises(Untrusted):
            change_in(within({**change_body(scaled), "scaling": wrong}, "here"))


@pytest.fixture
def merged(ledger, scaled, seats, speak):
    """The merge of the decided scaling; `change` is what its entry is made of."""

    def run(change=scaled):
        made = decide(scaled, seats, speak())
        ledger.add(decision(ledger.entries, made, scaled), "sre")
        landing = {"how": "merge", "commit": "1" * 40, "base": BASE, "change": 7, "head": HEAD}
        return ledger.add(release(change, "f" * 40), "sre", landing=landing)

    return run


def test_a_merge_says_that_it_is_a_scaling_exactly_where_its_decision_was_on_one(merged, ledger):
    entry = merged()
    assert release_of(entry) == Release(7, "1" * 40, "f" * 40, judged=True, scaled=True)
    assert wrong_release(ledger.entries, entry) == ""


def test_a_merge_that_hides_its_scaling_is_false(merged, ledger, scaled):
    entry = merged(replace(scaled, scaling=None))
    assert "wrongly whether it is a scaling" in wrong_release(ledger.entries, entry)


def test_a_merge_that_lowers_runs_at_once_and_no_way_back_touches_limits(merged, ledger, scaled):
    lowered = replace(scaled, scaling=Scaling(20.0, 10.0, (ALICE,)))
    assert (scaled.canary, lowered.canary, replace(scaled, scaling=None).canary) == (True, False, True)
    entry = merged(lowered)
    assert release_of(entry) == Release(7, "1" * 40, "f" * 40, judged=False)
    assert wrong_release(ledger.entries, entry) != "", "it was decided as one that raises"


def test_a_rollback_puts_the_limits_back_only_of_a_scaling(merged, ledger):
    released = merged()
    paths = ["connectivity.yaml", "execution.py", "risk.py", "strategy.py"]
    landing = {"how": "restore", "commit": "2" * 40, "base": "1" * 40, "paths": paths, "source": "f" * 40}
    back = ledger.add(rollback(released, "worse", paths), "sre", landing=landing)
    assert wrong_release(ledger.entries, back) == ""
    plain = replace(released, body={name: value for name, value in released.body.items() if name != "scaled"})
    entries = [plain if entry is released else entry for entry in ledger.entries]
    assert "nothing else" in wrong_release(entries, back)
    market = replace(back, body={**back.body, "landing": {**landing, "paths": [*paths, "market.yaml"]}})
    assert "nothing else" in wrong_release(ledger.entries, market)


def test_verify_knows_a_test_that_was_played_under_its_heads_limits_as_false(
    ledger, a_change, a_pair, scales, seats
):
    change = a_change()
    test = ledger.add(opened(ledger.entries, change, next_level(ledger.entries), 0, scales, "sha256:p"))
    pairs = tuple(a_pair(1.0) for _ in range(400))
    judged = judge(pairs, scales, test.body["level"])
    bound = {"judged_by": HEAD, "world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
    here = (change.number, change.head, change.head_tree, change.base)
    ledger.add(evidence(Evidence(test.commit, *here, "00", scales, pairs, bound, judged)))
    claims = audited(tuple(ledger.entries), lambda commit: seats, "m" * 40, lambda *_: True)
    false = [
        one.words for one in claims if one.holds is Holds.FALSE and one.what.startswith(str(Kind.EVIDENCE))
    ]
    assert false == [f"it was played under the limits of another commit than {BASE[:12]}"]


def test_a_commit_by_a_seat_that_touches_only_the_strategy_is_out_of_scope_or_no_scaling(
    scaled, seats, speak
):
    mixed = replace(scaled, touched=(*scaled.touched, Touched("risk.py", "100644", "quant", HEAD)))
    assert decide(mixed, seats, speak()).stance is Stance.VETO
