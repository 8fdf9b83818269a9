"""Delivery Lead hands a hypothesis that was refused too often to a human: once, for ever."""

from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents import delivery_lead, sre
from alphaloop.agents.answers import answer
from alphaloop.facts.entry import Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis, Proposal
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Brief
from alphaloop.rules.entries.changes import change_opened

IDEA = Hypothesis("add a comment", "A comment makes it clearer.", "objective", predicted=1.0)
STRATEGY = "strategy.py"


class Stubborn:
    """A mind that proposes the same harmless edit, whatever it is told."""

    def propose(self, brief: Brief) -> Proposal:
        return Proposal(IDEA, {STRATEGY: f"{brief.source}# clearer\n"})


@pytest.fixture
def folder(leaning, copied):
    return copied(leaning)


@pytest.fixture
def desk(folder, sit):
    return replace(sit(folder), mind=Stubborn())


def _refused(desk, turn):
    """One more change of the idea, vetoed by Risk, through the real gate and the real Delivery Lead."""
    source = desk.forge.file(desk.forge.main(), STRATEGY)
    files = {STRATEGY: source + b"# clearer\n"}
    change = desk.forge.open("quant", IDEA.key, "", files, f"turn:{turn}")
    desk.ledger.append(change_opened(change, IDEA, turn), "quant")
    why = Finding("tournament", Severity.VETO, "not better")
    answer(desk, Verdict("risk", change.number, change.head, change.base, Stance.VETO, (why,), "", "a test"))
    sre.decide(desk, change)
    return delivery_lead.learn(desk, change, None, 0.0)


def _escalations(desk):
    return [entry for entry in desk.ledger.entries() if entry.kind is Kind.ESCALATION]


def test_three_refusals_of_one_hypothesis_are_escalated_once_and_wait_for_a_human(folder, desk):
    for turn in (1, 2):
        assert _refused(desk, turn).decision == "vetoed"
        assert _escalations(desk) == []
    _refused(desk, 3)
    (escalation,) = _escalations(desk)
    assert escalation.body["refused"] == (1, 2, 3) or list(escalation.body["refused"]) == [1, 2, 3]
    waits = (folder / "task.md").read_text().partition("## Waits for a human")[2].partition("## ")[0]
    assert "add a comment" in waits.replace("\\", "")
    assert "#1, #2, #3" in waits

    (turn,) = loop.turns(desk, 1)
    assert (turn.pr, turn.decision) == (4, "held"), "it is theirs now, however often it is proposed"
    assert turn.stances["delivery_lead"] is Stance.HOLD
    assert not [entry for entry in desk.ledger.entries() if entry.kind is Kind.TEST_OPENED]
    assert _escalations(desk) == [escalation]


def test_the_pages_and_escalations_that_a_killed_run_owed_come_with_the_next(folder, desk):
    for turn in (1, 2, 3):
        _refused(desk, turn)
    told = (folder / "task.md").read_bytes()
    (folder / "task.md").unlink()
    delivery_lead.catch_up(desk)
    assert (folder / "task.md").read_bytes() == told
    assert len(_escalations(desk)) == 1
