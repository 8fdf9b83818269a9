"""The emergency stop beats a merge at every moment, and only a human ends it."""

import pytest

from alphaloop import loop
from alphaloop.agents import sre
from alphaloop.errors import Refused, Stopped
from alphaloop.facts.entry import Kind
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.opened import test_of as opened_in
from alphaloop.rules.stopped import why_stopped

pytestmark = pytest.mark.timeout(400)
ALICE = "human:alice"


@pytest.fixture
def desk(approved, copied, sit):
    return sit(copied(approved))


def _kinds(desk, kind):
    return [entry for entry in desk.ledger.entries() if entry.kind is kind]


def test_a_stop_before_the_gate_decides_merges_nothing(desk):
    main, change = desk.forge.main(), desk.forge.change(1)
    sre.stop(desk, ALICE, "I do not like it")
    assert loop.deploy(desk, change) is None
    decided = sre.decide(desk, change)
    assert decided.stance is Stance.HOLD
    assert "I do not like it" in decided.reasons[0]
    assert desk.forge.main() == main
    with pytest.raises(Stopped, match="alphaloop resume"):
        next(loop.turns(desk, 1))


def test_a_stop_between_decision_and_merge_blocks_the_merge(desk):
    main, change = desk.forge.main(), desk.forge.change(1)
    decided = sre.decide(desk, change)
    assert decided.may_merge
    sre.stop(desk, ALICE, "wait")
    assert sre.deploy(desk, change, decided) is None
    assert desk.forge.main() == main
    assert not _kinds(desk, Kind.RELEASE)
    assert "a human must resume" in desk.forge.conversation(1)[-1].text


def test_a_machine_cannot_resume_and_cannot_keep_a_human_from_it(desk):
    sre.stop(desk, ALICE, "wait")
    with pytest.raises(Refused, match="only a human"):
        sre.resume(desk, "sre", "it is fine")
    assert why_stopped(desk.ledger.entries())
    assert sre.resume(desk, ALICE, "it is fine").signer == ALICE
    assert why_stopped(desk.ledger.entries()) == ""


def test_after_the_resume_the_turn_goes_on_where_it_stood(desk):
    sre.stop(desk, "risk", "a seat may stop, too")
    with pytest.raises(Stopped):
        next(loop.turns(desk, 1))
    sre.resume(desk, ALICE, "looked at it")
    (turn,) = loop.turns(desk, 1)
    assert (turn.turn, turn.pr, turn.decision) == (1, 1, "merged")
    assert [opened_in(entry).change for entry in _kinds(desk, Kind.TEST_OPENED)] == [1]


def test_a_turn_that_a_stop_held_is_merged_by_the_next_one_and_not_tested_again(desk):
    sre.stop(desk, ALICE, "wait")
    held = loop.turn(desk)
    assert (held.turn, held.pr, held.decision) == (1, 1, "held")
    sre.resume(desk, ALICE, "go on")
    (merged,) = loop.turns(desk, 1)
    assert (merged.turn, merged.pr, merged.decision) == (2, 1, "merged")
    assert len(_kinds(desk, Kind.TEST_OPENED)) == 1
