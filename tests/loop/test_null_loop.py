"""Where no change can help, nothing is promoted that the error budget did not allow."""

from pathlib import Path

import pytest

from alphaloop import loop
from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.rules.budget import BUDGET, false_levels, promotions
from alphaloop.rules.entries import opened

pytestmark = pytest.mark.timeout(400)
TURNS = 3


def test_three_turns_on_the_null_world_promote_nothing_that_the_budget_did_not_allow(null, copied, sit):
    folder: Path = copied(null)
    desk = sit(folder)
    founding = desk.forge.file(desk.forge.main(), "strategy.py")
    taken = list(loop.turns(desk, TURNS))

    assert [turn.pr for turn in taken] == [1, 2, 3], "every turn proposes"
    assert all(turn.hypothesis for turn in taken)
    entries = desk.ledger.entries()
    paid = opened.tests(entries)
    assert paid, "one at least came as far as a test"
    assert len({test.change for test in paid}) == len(paid), "nobody is tested twice"
    assert false_levels(entries) == ()
    assert sum(test.level for test in paid) <= BUDGET
    assert [turn.decision for turn in taken] == ["vetoed"] * TURNS
    assert promotions(entries) == 0
    assert not [entry for entry in entries if entry.kind is Kind.RELEASE]
    assert desk.forge.file(desk.forge.main(), "strategy.py") == founding
    assert not [claim for claim in verified(folder, 1, lambda words: None) if claim.holds is Holds.FALSE]
