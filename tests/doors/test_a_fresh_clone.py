"""Whoever clones a desk holds no key, and can still read and verify all of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from alphaloop.doors.newborn import founded

FETCHED = ("refs/alphaloop/*:refs/alphaloop/*", "alphaloop/ledger:alphaloop/ledger")


def _said(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("desks")
    founded(place / "desk", (), "null", "ann", lambda words: None)
    subprocess.run(["git", "clone", "--quiet", "desk", "clone"], cwd=place, check=True, timeout=60)
    subprocess.run(
        ["git", "fetch", "--quiet", "origin", *FETCHED], cwd=place / "clone", check=True, timeout=60
    )
    return place / "clone"


def test_it_verifies_without_any_key(clone: Path) -> None:
    answer = _said(clone, "verify")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "every claim that can be checked here holds" in answer.stdout


def test_it_lists_its_pull_requests(clone: Path) -> None:
    answer = _said(clone, "pr", "list")
    assert (answer.returncode, answer.stdout) == (
        0,
        "no pull requests yet: `alphaloop run` opens the first, and `alphaloop pr open` yours\n",
    )


def test_the_doctor_says_that_it_signs_nothing(clone: Path) -> None:
    answer = _said(clone, "doctor")
    assert "signs nothing" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_whoever_holds_no_key_stops_nothing(clone: Path) -> None:
    answer = _said(clone, "stop", "no reason")
    assert answer.returncode == 1
    assert "no registered human's key is here" in answer.stderr


WAY_OUT = "'refs/alphaloop/*:refs/alphaloop/*' 'refs/heads/alphaloop/*:refs/heads/alphaloop/*'"
ALL = ("refs/alphaloop/*:refs/alphaloop/*", "refs/heads/alphaloop/*:refs/heads/alphaloop/*")


def test_a_plain_clone_is_told_what_to_fetch_and_then_verifies(door, git_of, tmp_path, turned_desk):
    git_of(tmp_path)("clone", "--quiet", str(turned_desk), "clone")
    clone = tmp_path / "clone"
    before = door(clone, "verify")
    assert before.code == 3
    assert f"`git fetch origin {WAY_OUT}`" in before.out
    listed = door(clone, "pr", "list")
    assert (listed.code, listed.out) == (2, "")
    assert WAY_OUT in listed.err
    git_of(clone)("fetch", "--quiet", "origin", *ALL)
    assert door(clone, "verify").code == 0
    assert door(clone, "pr", "list").out.startswith("#1  closed ")
    assert door(clone, "review", "1", "--through", "static").code == 0


def test_a_bare_clone_verifies_and_lists(door, git_of, tmp_path, turned_desk):
    git_of(tmp_path)("clone", "--quiet", "--mirror", str(turned_desk), "clone.git")
    bare = tmp_path / "clone.git"
    assert door(bare, "verify").code == 0
    assert "risk vetoes" in door(bare, "pr", "show", "1").out
    assert door(bare, "simulate").code == 0
    refused = door(bare, "run", "--dry-run")
    assert (refused.code, refused.out) == (2, "")
    assert "no key of quant" in refused.err


def test_a_shallow_clone_is_told_how_to_become_whole(door, git_of, tmp_path, turned_desk):
    git_of(tmp_path)("clone", "--quiet", "--depth", "1", turned_desk.as_uri(), "clone")
    clone = tmp_path / "clone"
    git_of(clone)("fetch", "--quiet", "--depth", "1", "origin", *ALL)
    for words in (["verify"], ["pr", "list"]):
        answer = door(clone, *words)
        assert answer.code == 3
        assert f"`git fetch --unshallow origin {WAY_OUT}`" in answer.out + answer.err
    git_of(clone)("fetch", "--quiet", "--unshallow", "origin", *ALL)
    assert door(clone, "verify").code == 0


def test_evidence_about_a_branch_that_was_not_fetched_is_not_replayable(door, git_of, tmp_path, turned_desk):
    git_of(tmp_path)("clone", "--quiet", "--single-branch", turned_desk.as_uri(), "clone")
    clone = tmp_path / "clone"
    git_of(clone)("fetch", "--quiet", "origin", ALL[0], "alphaloop/ledger:alphaloop/ledger")
    answer = door(clone, "verify")
    assert answer.code == 0
    assert "not replayable here evidence" in answer.out


def test_a_folder_inside_a_desk_is_that_desk(door, turned_desk):
    for inside in ("tests", "agents/quant", ".git"):
        assert door(turned_desk / inside, "pr", "list").out.startswith("#1  closed ")
