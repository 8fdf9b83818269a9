"""A dirty work tree blocks the merge, loses nothing, and costs no second test."""

import subprocess

import pytest

from alphaloop import loop
from alphaloop.facts.entry import Kind
from alphaloop.rules.entries.opened import test_of as opened_in

pytestmark = pytest.mark.timeout(400)
EDIT = "# what the user was writing when the merge came\n"


def test_a_dirty_work_tree_holds_the_turn_and_the_next_one_merges_what_was_tested(approved, copied, sit):
    folder, said = copied(approved), []
    desk = sit(folder, said)
    main, strategy = desk.forge.main(), folder / "strategy.py"
    strategy.write_text(strategy.read_text() + EDIT)

    for number in (1, 2):
        (held,) = loop.turns(desk, 1)
        assert (held.turn, held.pr, held.decision) == (number, 1, "held")
    assert desk.forge.main() == main
    assert strategy.read_text().endswith(EDIT)
    assert any("strategy.py" in words and "commit or stash" in words for words in said)
    told = [event.text for event in desk.forge.conversation(1) if "not merged" in event.text]
    assert len(told) == 1, "said once, however often it was tried"
    assert "commit or stash" in told[0]

    subprocess.run(["git", "checkout", "-q", "--", "strategy.py"], cwd=folder, check=True, timeout=30)
    (merged,) = loop.turns(desk, 1)
    assert (merged.turn, merged.pr, merged.decision) == (3, 1, "merged")
    assert strategy.read_bytes() == desk.forge.file(desk.forge.main(), "strategy.py")
    entries = desk.ledger.entries()
    assert [opened_in(entry).change for entry in entries if entry.kind is Kind.TEST_OPENED] == [1]
    assert sum(entry.kind is Kind.RELEASE for entry in entries) == 1


def test_a_change_that_main_left_behind_is_not_taken_up(approved, copied, sit, by_hand):
    folder = copied(approved)
    desk = sit(folder)
    (folder / "strategy.py").write_text("# an edit of the user\n")
    (held,) = loop.turns(desk, 1)
    assert held.decision == "held"
    subprocess.run(["git", "checkout", "-q", "--", "strategy.py"], cwd=folder, check=True, timeout=30)
    by_hand(folder, {"README.md": "Main moves on.\n"})
    (after,) = loop.turns(desk, 1)
    assert after.pr == 2, "its verdicts were given on another base, so Quant proposes anew"
    assert after.decision == "merged"
