"""Clones that lack something: a clear refusal that says what to fetch, and no question to any server."""

import shlex

import pytest

from alphaloop.errors import RepositoryFailure
from alphaloop.forge.git import EVERYTHING
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.forge.whole import refuse_unless_whole

ALL = [refspec.strip("'") for refspec in EVERYTHING]


def _refused(folder) -> str:
    forge = LocalForge(folder)
    try:
        with pytest.raises(RepositoryFailure) as refused:
            refuse_unless_whole(forge.git)
    finally:
        forge.shut()
    return str(refused.value)


@pytest.fixture
def origin(desk, git, repository):
    desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    git("config", "uploadpack.allowFilter", "true")
    return repository


def test_a_partial_clone_is_told_how_to_become_whole_and_then_verifies(origin, git, tmp_path):
    clone = tmp_path / "partial"
    git("clone", "-q", "--no-checkout", "--filter=blob:none", origin.as_uri(), str(clone))
    git("fetch", "-q", "origin", *ALL, cwd=clone)
    refusal = _refused(clone)
    assert "is a partial clone that lacks" in refusal
    told = refusal.partition("`")[2].rstrip("`")
    assert told.startswith("git fetch --refetch --no-filter origin 'refs/alphaloop/*:")
    git(*shlex.split(told)[1:], cwd=clone)
    forge = LocalForge(clone)
    refuse_unless_whole(forge.git)
    forge.shut()
    assert verify(clone).sound


def test_a_partial_clone_asks_no_server_for_what_it_lacks(origin, git, tmp_path):
    clone = tmp_path / "partial"
    git("clone", "-q", "--no-checkout", "--filter=blob:none", origin.as_uri(), str(clone))
    git("fetch", "-q", "origin", *ALL, cwd=clone)
    blob = git("rev-parse", "main:strategy.py")
    forge = LocalForge(clone)
    with pytest.raises(RepositoryFailure, match="cannot be read"):
        forge.git.blob(blob)
    forge.shut()
    assert "is a partial clone" in _refused(clone)


def test_a_shallow_clone_is_told_how_to_become_whole(origin, git, tmp_path):
    clone = tmp_path / "shallow"
    git("clone", "-q", "--depth", "1", origin.as_uri(), str(clone))
    assert f"`git fetch --unshallow origin {' '.join(EVERYTHING)}`" in _refused(clone)
