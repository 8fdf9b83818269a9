"""Many objects for one question: nothing is mixed up, nothing that is damaged is believed."""

import os
import zlib

import pytest

from alphaloop.errors import RepositoryFailure, Untrusted
from alphaloop.forge import ahead, cat_file
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.git import Repository
from alphaloop.forge.objects import Object

MISSING = "f" * 40


@pytest.fixture
def blobs(desk):
    """More objects than a pipe takes questions at once, the middle one too large for a pipe."""
    things = [Object("blob", b"%d" % number * (200_000 if number == 250 else 1)) for number in range(500)]
    desk.git.write(things)
    return things


@pytest.fixture
def fresh(repository):
    found = Repository(repository)
    yield found
    found.close()


def test_each_of_many_questions_gets_its_own_answer(fresh, blobs):
    fresh.look_ahead([thing.id for thing in blobs])
    fresh.close()
    assert [fresh.read(thing.id) for thing in blobs] == blobs


def test_what_was_looked_ahead_is_not_asked_for_again(fresh, blobs, monkeypatch):
    fresh.look_ahead([MISSING, *(thing.id for thing in blobs), blobs[0].id])
    monkeypatch.setattr(fresh, "_asked", None)
    assert [fresh.read(thing.id) for thing in blobs] == blobs


def _loose(repository, thing):
    path = repository / ".git" / "objects" / thing.id[:2] / thing.id[2:]
    path.chmod(0o644)
    return path


def test_an_object_under_anothers_name_is_not_remembered(fresh, blobs, repository):
    path = _loose(repository, blobs[3])
    path.write_bytes(zlib.compress(b"blob 3\0lie"))
    fresh.look_ahead([thing.id for thing in blobs])
    with pytest.raises(Untrusted, match="does not hold what its name says"):
        fresh.read(blobs[3].id)
    assert fresh.read(blobs[4].id) == blobs[4]


def test_a_git_that_dies_at_damage_spoils_no_later_answer(fresh, blobs, repository):
    _loose(repository, blobs[3]).write_bytes(b"damage")
    fresh.look_ahead([thing.id for thing in blobs])
    with pytest.raises(RepositoryFailure, match="git fsck"):
        fresh.read(blobs[3].id)
    assert fresh.read(blobs[4].id) == blobs[4]
    assert fresh.ref(LEDGER) is not None


def test_a_forked_child_never_talks_into_its_parents_pipe(fresh, blobs):
    assert fresh.read(blobs[0].id) == blobs[0]
    child = os.fork()
    if child == 0:
        os._exit(0 if fresh.read(blobs[1].id) == blobs[1] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert fresh.read(blobs[2].id) == blobs[2]


def test_an_older_git_that_cannot_hold_its_answers_back_is_understood_too(repository, blobs, monkeypatch):
    monkeypatch.setattr(cat_file, "_flushes", lambda: False)
    older = Repository(repository)
    older.look_ahead([thing.id for thing in blobs])
    assert older.ref(LEDGER) is not None
    assert older.ref("refs/heads/nowhere") is None
    assert [older.read(thing.id) for thing in blobs] == blobs
    older.close()


def test_reading_ahead_of_nonsense_is_harmless(fresh, desk):
    tip = desk.git.ref(LEDGER)
    ahead.commits(fresh, MISSING, "")
    found = [fresh.commit(tip), fresh.commit(desk.main())]
    assert list(ahead.statements(fresh, found, "entry.json")) == found


def test_an_entry_reads_the_same_with_and_without_reading_ahead(desk, repository, monkeypatch):
    for number in range(5):
        desk.open(
            "quant", f"Idea {number}", "", {"strategy.py": b"HALF = %d\n" % (number + 2)}, f"t:{number}"
        )
    entries = desk.ledger.entries()
    from alphaloop.forge.local import LocalForge

    for blind in (False, True):
        if blind:
            monkeypatch.setattr(Repository, "look_ahead", lambda self, identities: None)
        again = LocalForge(repository)
        assert again.ledger.entries() == entries
        again.shut()
