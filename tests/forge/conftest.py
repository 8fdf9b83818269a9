"""A real desk in a real git repository for every test, and git as a user has it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.rules.entries import decisions

FILES = {
    "strategy.py": b"HALF = 1\n",
    "execution.py": b"KIND = 'post'\n",
    "tests/test_it.py": b"def test(): ...\n",
}
SEATS = ("quant", "risk", "sre")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A founded strategy repository with main checked out."""
    folder = tmp_path / "desk"
    found(folder, FILES, SEATS, "ann")
    return folder


@pytest.fixture
def desk(repository: Path) -> Iterator[LocalForge]:
    """The local forge of that repository."""
    forge = LocalForge(repository)
    yield forge
    forge.shut()


@pytest.fixture
def git(repository: Path) -> Callable[..., str]:
    """Plain git in the repository, as its user runs it, without a global configuration."""

    def run(*arguments: str, stdin: str = "", cwd: Path | None = None) -> str:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or repository,
            input=stdin,
            text=True,
            capture_output=True,
            check=False,
            env=environment,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def decide() -> Callable[[LocalForge, Change], Decision]:
    """Record an approval of a change in the ledger, as Risk."""

    def approved(forge: LocalForge, change: Change, stance: Stance = Stance.APPROVE) -> Decision:
        decision = Decision(change.number, change.head, change.base, stance, ())
        forge.ledger.append(decisions.decision(forge.ledger.entries(), decision, change), "risk")
        return decision

    return approved


@pytest.fixture
def release() -> Draft:
    """The draft with which SRE releases change 1."""
    return Draft(Kind.RELEASE, "release:1", "release the first change", {"canary": True})
