"""A dry run in a throw-away clone moves nothing of the original."""

import pytest

from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge.clone import rehearsal
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.ports import Merged


def test_what_happens_in_a_rehearsal_stays_there(desk, decide, release, git, repository):
    change = desk.open("quant", "Widen", "", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    before = git("for-each-ref"), git("count-objects", "-v")
    with rehearsal(repository) as clone:
        there = LocalForge(clone)
        assert there.change(1) == change
        assert isinstance(there.merge(change, decide(there, change), "sre", release), Merged)
        there.ledger.append(Draft(Kind.TRIAL, "t", "a trial", {}), "quant")
        there.ledger.render({"task.md": "# Tasks\n"}, "sre")
        assert there.main() != desk.main()
        assert verify(clone).sound
        there.shut()
    assert not clone.exists()
    assert (git("for-each-ref"), git("count-objects", "-v")) == before
    assert not (repository / "task.md").exists()
    assert desk.keys.holds("quant")


def test_a_rehearsal_that_fails_leaves_nothing_behind(desk, repository):
    with pytest.raises(ZeroDivisionError), rehearsal(repository) as clone:
        raise ZeroDivisionError
    assert not clone.exists()
    assert desk.keys.holds("sre")
