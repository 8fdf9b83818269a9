"""Hooks: what plain git is refused, what it may still do, and that going around them is seen."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alphaloop.errors import Misuse
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge import hooks
from alphaloop.forge.verify import verify

LEDGER, TALK = "refs/heads/alphaloop/ledger", "refs/alphaloop/pr/1"
Tried = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def tried(repository: Path) -> Tried:
    """Plain git as a user types it, with its exit code."""

    def run(*words: str, cwd: Path = repository) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(
            ["git", *words],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment,
        )

    return run


@pytest.fixture
def guarded(desk, repository):
    """A desk with one pull request and hooks."""
    desk.open("quant", "Widen", "", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    desk.comment(1, "human:ann", "Go on.", "c1")
    desk.ledger.append(Draft(Kind.TRIAL, "t", "a trial", {}), "quant")
    hooks.install(repository)
    return desk


def test_a_hook_of_somebody_elses_is_left_alone(guarded, repository):
    place = repository / ".git" / "hooks" / "update"
    place.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(Misuse, match="somebody else's"):
        hooks.install(repository)
    assert place.read_text() == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize("packed", [False, True])
def test_rewriting_and_deleting_by_plain_git_is_refused(guarded, tried, packed):
    assert not packed or tried("pack-refs", "--all").returncode == 0
    before = tried("for-each-ref").stdout
    for words in (
        ("update-ref", "-d", LEDGER),
        ("update-ref", "-d", TALK),
        ("update-ref", LEDGER, f"{LEDGER}~1"),
        ("update-ref", TALK, f"{TALK}~1"),
        ("branch", "-D", "alphaloop/ledger"),
        ("branch", "-f", "alphaloop/ledger", "main"),
    ):
        done = tried(*words)
        assert done.returncode != 0
        assert "only grows" in done.stderr
        assert tried("for-each-ref").stdout == before


def test_the_desk_and_gits_own_housekeeping_go_on(guarded, tried, repository):
    for words in (("pack-refs", "--all", "--prune"), ("commit", "-q", "--allow-empty", "-m", "x")):
        assert tried(*words).returncode == 0
    guarded.comment(1, "human:ann", "And on.", "c2")
    guarded.ledger.append(Draft(Kind.TRIAL, "u", "a trial", {}), "quant")
    assert tried("commit", "-q", "--amend", "--allow-empty", "-m", "y").returncode == 0
    assert verify(repository).sound


def test_a_bare_origin_refuses_forced_pushes(guarded, tried, repository, tmp_path):
    origin = tmp_path / "origin.git"
    assert tried("clone", "-q", "--mirror", str(repository), str(origin)).returncode == 0
    hooks.install(origin)
    for refspec in (f"+{LEDGER}~1:{LEDGER}", f":{TALK}", f"+{TALK}~1:{TALK}"):
        done = tried("push", str(origin), refspec)
        assert done.returncode != 0
        assert "only grows" in done.stderr, done.stderr
    tried("commit", "-q", "--amend", "--allow-empty", "-m", "another first")
    assert "only grows" in tried("push", "--force", str(origin), "main").stderr
    guarded.ledger.append(Draft(Kind.TRIAL, "u", "a trial", {}), "quant")
    assert tried("push", "-q", str(origin), LEDGER).returncode == 0


def test_going_around_a_hook_is_seen(guarded, tried, repository):
    around = ("-c", "core.hooksPath=/dev/null", "update-ref")
    assert tried(*around, LEDGER, f"{LEDGER}~1").returncode == 0
    assert tried(*around, "-d", TALK).returncode == 0
    false = {one.what for one in verify(repository).claims if one.holds is Holds.FALSE}
    assert "high-water mark" in false
