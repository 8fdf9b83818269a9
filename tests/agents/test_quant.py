"""A plan is carried out once, on the files that it was made for, or not at all."""

from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents import quant
from alphaloop.facts.entry import Kind
from alphaloop.facts.hypothesis import Hypothesis, Proposal
from alphaloop.facts.metric import Record
from alphaloop.ports import Brief
from alphaloop.rules.entries.measured import trials_so_far

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


class Hopeless:
    """A mind that plays three candidates, one of which crashes, and finds none worth proposing."""

    def propose(self, brief: Brief) -> None:
        for more in ("# one\n", "# two\n", "1 / 0\n"):
            brief.rehearse(brief.source + more, 2)


def test_a_search_without_a_survivor_counts_its_trials_for_ever(folder, sit):
    desk = replace(sit(folder), mind=Hopeless())
    assert quant.propose(desk, NOTHING_MEASURED).proposal is None
    (entry,) = (entry for entry in desk.ledger.entries() if entry.kind is Kind.TRIAL)
    assert (entry.body["count"], entry.body["hypothesis"], entry.signer) == (3, "", "quant")
    # What crashed could not be chosen, and was a chance all the same.
    assert len(entry.body["scores"]) == 2
    assert trials_so_far(desk.ledger.entries()) == 3
    assert entry.subject == "3 candidates scored, none survived"
    quant.propose(desk, NOTHING_MEASURED)
    assert trials_so_far(desk.ledger.entries()) == 3, "the same turn is counted once"


def test_what_was_played_counts_even_if_the_mind_speaks_of_less(folder, sit):
    class Modest(Hopeless):
        def propose(self, brief: Brief) -> Proposal:
            super().propose(brief)
            return Proposal(replace(IDEA, trials=1), {"strategy.py": brief.source + "# one\n"})

    desk = replace(sit(folder), mind=Modest())
    quant.propose(desk, NOTHING_MEASURED)
    assert trials_so_far(desk.ledger.entries()) == 3


def test_a_mind_that_played_nothing_leaves_no_trial(folder, sit):
    class Silent:
        def propose(self, brief: Brief) -> None:
            return None

    desk = replace(sit(folder), mind=Silent())
    assert quant.propose(desk, NOTHING_MEASURED).proposal is None
    assert not [entry for entry in desk.ledger.entries() if entry.kind is Kind.TRIAL]
