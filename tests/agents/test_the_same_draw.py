"""Asking again with the same file, on a real desk: another name, number and commit, and the same draw."""

from alphaloop.agents.risk import tournament
from alphaloop.agents.risk.binding import plays
from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.rules.budget import next_level, promotions
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.opened import test_opened as a_test_opened
from alphaloop.rules.entries.opened import tests as opened_tests
from alphaloop.rules.pilots import with_earlier

AGAIN = Hypothesis("the same, by another name", "It helps.", "objective", trials=0)


def test_a_renamed_change_pays_again_and_is_judged_on_the_same_seeds(approved, copied, sit):
    folder = copied(approved)
    desk = sit(folder)
    (first,) = opened_tests(desk.ledger.entries())
    files = {"strategy.py": desk.forge.file(first.head, "strategy.py")}
    change = desk.forge.open("quant", AGAIN.key, "", files, "again")
    desk.ledger.append(change_opened(change, AGAIN, 0), "quant")
    tournament.tested(desk, change)

    entries = desk.ledger.entries()
    one, other = opened_tests(entries)
    assert (one.change, one.head) != (other.change, other.head)
    assert one.plays == other.plays == plays(desk, other.head, other.base, judged_by=other.base)
    assert other.level <= one.level, "it pays again, and never at a higher level"
    found = [evidence_of(entry) for entry in entries if entry.kind is Kind.EVIDENCE]
    shorter = min(len(each.pairs) for each in found)
    assert found[0].pairs[:shorter] == found[1].pairs[:shorter]
    assert found[0].scales == found[1].scales == one.scales
    assert not [claim for claim in verified(folder, 1, lambda words: None) if claim.holds is Holds.FALSE]


def test_a_test_that_names_other_files_than_it_plays_is_false_when_it_is_played_again(approved, copied, sit):
    folder = copied(approved)
    desk = sit(folder)
    (first,) = opened_tests(desk.ledger.entries())
    files = {"strategy.py": desk.forge.file(first.head, "strategy.py")}
    change = desk.forge.open("quant", AGAIN.key, "", files, "again")
    desk.ledger.append(change_opened(change, AGAIN, 0), "quant")
    entries = desk.ledger.entries()
    chosen = f"sha256:{'0' * 64}"
    scales = with_earlier(first.scales, entries, chosen)
    lie = a_test_opened(entries, change, next_level(entries), promotions(entries), scales, chosen)
    desk.ledger.append(lie, "risk")
    tournament.tested(desk, change)

    false = [claim.words for claim in verified(folder, 1, lambda words: None) if claim.holds is Holds.FALSE]
    assert false == ["its test took the seeds of other files than those that it compares"]
