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
        "no pull requests yet: `alphaloop run` opens the first\n",
    )


def test_the_doctor_says_that_it_signs_nothing(clone: Path) -> None:
    answer = _said(clone, "doctor")
    assert "signs nothing" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_whoever_holds_no_key_stops_nothing(clone: Path) -> None:
    answer = _said(clone, "stop", "no reason")
    assert answer.returncode == 1
    assert "no registered human's key is here" in answer.stderr
