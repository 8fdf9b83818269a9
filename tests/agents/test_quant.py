"""A plan is carried out once, on the files that it was made for, or not at all."""

from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents import quant
from alphaloop.facts.entry import Kind
from alphaloop.facts.hypothesis import Hypothesis, Proposal
from alphaloop.facts.metric import Record
from alphaloop.ports import Brief

NOTHING_MEASURED = Record((), 0, "nothing")
IDEA = Hypothesis("an idea", "It helps.", "objective")


class Certain:
    """A mind that proposes one text, whatever it is told, and counts how often it is asked."""

    def __init__(self, appended: str) -> None:
        self.appended = appended
        self.asked = 0

    def propose(self, brief: Brief) -> Proposal:
        self.asked += 1
        return Proposal(IDEA, {"strategy.py": brief.source + self.appended})


@pytest.fixture
def folder(leaning, copied):
    return copied(leaning)


@pytest.fixture
def desk(folder, sit):
    return replace(sit(folder), mind=Certain("# more\n"))


def test_a_plan_that_was_made_is_not_made_again_and_opens_one_change(desk):
    first = quant.propose(desk, NOTHING_MEASURED)
    assert quant.propose(desk, NOTHING_MEASURED) == first
    assert desk.mind.asked == 1
    assert loop.implement(desk, first) == loop.implement(desk, first)
    assert desk.forge.numbers() == (1,)


def test_a_plan_never_undoes_what_a_human_did_to_the_file_meanwhile(folder, desk, by_hand):
    made = quant.propose(desk, NOTHING_MEASURED)
    by_hand(folder, {"strategy.py": (folder / "strategy.py").read_text() + "# by alice\n"})
    assert loop.implement(desk, made) is None
    turn = loop.learn(desk, None, None, 0.0)
    assert (turn.turn, turn.pr, turn.decision) == (1, None, "none")
    again = quant.propose(desk, NOTHING_MEASURED)
    assert again.turn == 2
    assert "# by alice" in again.proposal.files["strategy.py"]
    assert loop.implement(desk, again).number == 1


def test_a_plan_survives_a_main_that_moved_elsewhere(folder, desk, by_hand):
    made = quant.propose(desk, NOTHING_MEASURED)
    by_hand(folder, {"README.md": "Another file.\n"})
    change = loop.implement(desk, made)
    assert change.based
    assert change.base == desk.forge.main()


def test_a_proposal_of_nothing_new_is_no_proposal_and_its_trials_count(folder, sit):
    desk = replace(sit(folder), mind=Certain(""))
    made = quant.propose(desk, NOTHING_MEASURED)
    assert made.proposal is None
    assert loop.implement(desk, made) is None
    assert [entry.kind for entry in desk.ledger.entries()].count(Kind.TRIAL) == 1
