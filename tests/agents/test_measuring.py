"""Where nothing was measured, nobody approves; and what fails is held, and never ends the loop."""

import pytest

from alphaloop import loop
from alphaloop.agents import data, execution, infrastructure, sre
from alphaloop.errors import StrategyFault
from alphaloop.facts.entry import Kind
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.entries.verdicts import verdicts_on

STRATEGY = "strategy.py"


@pytest.fixture
def desk(leaning, copied, sit):
    return sit(copied(leaning))


def _proposed(desk, old, new):
    standing = desk.forge.file(desk.forge.main(), STRATEGY).decode()
    assert standing.count(old) == 1
    files = {STRATEGY: standing.replace(old, new).encode()}
    change = desk.forge.open("quant", "an edit", "", files, new)
    desk.ledger.append(change_opened(change, None, 0), "quant")
    return change


SILENT = ('for side in ("buy", "sell") if', 'for side in ("buy", "sell") if book.mid < 0 and')
UNBORN = ("self.params = params", 'self.params = params["missing"]')
LATE_FAULT = (
    "        return [Quote",
    "        lean = 1 / (book.time < 1_700_000_040.0)\n        return [Quote",
)


def test_a_strategy_that_never_quotes_is_held_because_nothing_was_measured(desk):
    change = _proposed(desk, *SILENT)
    for seat in (execution, infrastructure):
        said = seat.review(desk, change)
        assert said.stance is Stance.HOLD
        assert any("missing" in finding.message for finding in said.findings)


@pytest.mark.parametrize("edit", [UNBORN, LATE_FAULT], ids=["cannot be made", "fails half way"])
def test_a_candidate_that_fails_is_held_with_its_fault_and_no_record_of_it_is_kept(desk, edit):
    change = _proposed(desk, *edit)
    for seat in (execution, infrastructure):
        said = seat.review(desk, change)
        assert said.stance is Stance.HOLD
        assert "nothing was measured" in said.findings[0].message
    records = [entry for entry in desk.ledger.entries() if entry.kind is Kind.RECORD]
    assert change.head not in {entry.body["commit"] for entry in records}


def test_a_candidate_that_cannot_be_made_is_vetoed_and_costs_no_test(desk):
    change = _proposed(desk, *UNBORN)
    loop.review(desk, change)
    assert not sre.decide(desk, change).may_merge
    entries = desk.ledger.entries()
    assert [said.stance for said in verdicts_on(entries, change.number)] == [Stance.VETO]
    assert not [entry for entry in entries if entry.kind is Kind.TEST_OPENED]


def test_a_main_that_cannot_be_played_ends_the_run_with_words_to_its_author(desk, by_hand, tmp_path):
    folder = next(path for path in tmp_path.iterdir() if (path / STRATEGY).is_file())
    by_hand(folder, {STRATEGY: (folder / STRATEGY).read_text().replace(*UNBORN)})
    with pytest.raises(StrategyFault, match=r"strategy.py on main cannot be played.*mend it") as told:
        data.measure_main(desk)
    assert told.value.exit_code == 1
