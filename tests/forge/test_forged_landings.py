"""Forged landings: a seat that holds its own key, and git, still cannot move main so that verify holds."""

from pathlib import Path

import pytest

from alphaloop.errors import Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.forge import landing, objects
from alphaloop.forge.landing import Craft
from alphaloop.forge.objects import REGULAR, Node, Object
from alphaloop.forge.verify import verify
from alphaloop.rules.entries import decisions
from alphaloop.rules.entries.stops import stop
from alphaloop.rules.entries.verdicts import verdict


def _false(folder: Path) -> list[str]:
    return [f"{line.what}: {line.words}" for line in verify(folder).claims if line.holds is Holds.FALSE]


@pytest.fixture
def change(desk):
    """A change of Quant's that nobody has judged."""
    return desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")


@pytest.fixture
def force(desk):
    """Land a change as `seat`, past every check that the forge makes before it lands."""

    def land(change, seat="sre"):
        tip = desk.ledger.entries()[-1].commit
        facts = {"change": change.number, "head": change.head}
        parents = (change.base, change.head)
        craft = Craft(landing.MERGE, tip, change.head_tree, parents, "Merge #1", (), facts)
        draft = Draft(Kind.RELEASE, "release:1", "merge #1", {})
        landing.land(desk.git, desk.keys, desk.ledger, craft, draft, seat)

    return land


@pytest.mark.parametrize("seat", ["sre", "quant"])
def test_a_merge_that_nothing_decided_is_seen(desk, change, force, repository, seat):
    force(change, seat)
    assert any("no decision" in line for line in _false(repository))


def test_a_merge_after_a_refusal_is_seen(desk, change, force, decide, repository):
    decide(desk, change, Stance.VETO)
    force(change)
    assert any("only an approval merges" in line for line in _false(repository))


def test_a_merge_by_its_own_author_is_seen(desk, change, force, decide, repository):
    decide(desk, change)
    force(change, "quant")
    assert any("may not merge it" in line for line in _false(repository))


def test_a_merge_after_a_veto_that_the_decision_did_not_read_is_seen(
    desk, change, force, decide, repository, grounded
):
    decide(desk, change)
    said = Verdict("risk", change.number, change.head, change.base, Stance.VETO, (), "", "late")
    entries = desk.ledger.entries()
    desk.ledger.append(verdict(entries, grounded(entries, said, change.head_tree)), "risk")
    force(change)
    assert any("after it was decided" in line for line in _false(repository))


def test_a_merge_under_a_stop_is_seen(desk, change, force, decide, repository):
    decide(desk, change)
    desk.ledger.append(stop(desk.ledger.entries(), "risk", "fire"), "risk")
    force(change)
    assert any("emergency stop" in line for line in _false(repository))


def test_a_decision_on_other_files_than_git_holds_is_seen(desk, change, force, repository):
    from dataclasses import replace

    pretended = replace(change, touched=(replace(change.touched[0], path="tests/test_it.py"),))
    approved = Decision(change.number, change.head, change.base, Stance.APPROVE, ())
    desk.ledger.append(decisions.decision(desk.ledger.entries(), approved, pretended), "sre")
    force(change)
    assert any("another change than git holds" in line for line in _false(repository))


def _restore(desk, content: bytes, path: str, facts) -> None:
    main, blob = desk.main(), Object("blob", content)
    root, trees = objects.graft(desk.git.nodes, desk.git.commit(main).tree, {path: Node(REGULAR, blob.id)})
    desk.git.write([blob])
    tip = desk.ledger.entries()[-1].commit
    craft = Craft(landing.RESTORE, tip, root, (main,), "Roll back", tuple(trees), facts(main))
    draft = Draft(Kind.RELEASE, "rollback:1", "roll back", {})
    landing.land(desk.git, desk.keys, desk.ledger, craft, draft, "sre")


def test_a_restore_that_brings_new_code_is_seen(desk, repository):
    _restore(desk, b"import os\n", "strategy.py", lambda main: {"paths": ["strategy.py"], "source": main})
    assert any("does not have the strategy.py" in line for line in _false(repository))


def test_a_restore_of_more_than_it_says_is_seen(desk, repository):
    _restore(desk, b"LIMIT = 99\n", "risk.py", lambda main: {"paths": ["strategy.py"], "source": main})
    assert any("changes risk.py" in line for line in _false(repository))


def test_a_pull_request_whose_reference_is_gone_is_seen(desk, change, decide, git, repository):
    decide(desk, change)
    desk.ledger.append(Draft(Kind.LESSON, "l", "l", {"change": change.number}), "quant")
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    assert any("its reference is gone" in line for line in _false(repository))


def test_a_key_that_somebody_took_for_another_kind_of_entry_swallows_nothing(desk):
    wanted = stop(desk.ledger.entries(), "risk", "fire")
    desk.ledger.append(Draft(Kind.LESSON, wanted.key, "nothing to see", {}), "quant")
    with pytest.raises(Untrusted, match="holds the key"):
        desk.ledger.append(wanted, "risk")
