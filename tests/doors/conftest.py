"""Desks to stand at the door of, and the door itself: a command goes in, words and an exit code come out."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from alphaloop.agents.grounds import venue_at
from alphaloop.doors.cli import main
from alphaloop.doors.newborn import founded
from alphaloop.simulation.venue import Venue
from alphaloop.wiring import desk_at

NULL, PLAYED = "null", "avellaneda-stoikov"


class Answer(NamedTuple):
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str


Door = Callable[..., Answer]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Door:
    """Run one command in a folder, as the shell does; a traceback is never an answer."""

    def ran(folder: Path, *words: object) -> Answer:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["alphaloop", *map(str, words)])
        capsys.readouterr()
        code = _left()
        said = Answer(code, *capsys.readouterr())
        assert "Traceback" not in said.err, said.err
        return said

    return ran


@pytest.fixture(scope="session")
def quiet_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's desk in the null world before its first turn; for looking at and copying."""
    return _founded(tmp_path_factory.mktemp("quiet") / "desk", NULL)


@pytest.fixture(scope="session")
def played_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's desk in the Avellaneda-Stoikov game before its first turn; for looking at and copying."""
    return _founded(tmp_path_factory.mktemp("played") / "desk", PLAYED)


@pytest.fixture(scope="session")
def turned_desk(played_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's desk after one turn, which paid for a test and was vetoed by its guards; for copying."""
    folder = shutil.copytree(played_desk, tmp_path_factory.mktemp("turned") / "desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["alphaloop", "run", "--seed", "1"])
        assert _left() == 1
    return folder


@pytest.fixture
def copied_desk(tmp_path: Path) -> Callable[[Path], Path]:
    """A desk of one's own to change: a copy of one that was made before."""

    def copy(folder: Path) -> Path:
        return shutil.copytree(folder, tmp_path / f"copy-{len(list(tmp_path.iterdir()))}")

    return copy


@pytest.fixture
def git_of() -> Callable[[Path], Callable[..., str]]:
    """Plain git in a folder, as somebody with ill intent types it."""

    def at(folder: Path) -> Callable[..., str]:
        def git(*words: str, stdin: str = "") -> str:
            done = subprocess.run(
                ["git", "-c", "core.hooksPath=/dev/null", *words],
                cwd=folder,
                input=stdin,
                check=True,
                capture_output=True,
                text=True,
                timeout=60,
            )
            return done.stdout.removesuffix("\n")

        return git

    return at


@pytest.fixture
def refs() -> Callable[[Path], dict[str, str]]:
    """Every reference of a repository, with what it points at."""

    def listed(folder: Path) -> dict[str, str]:
        asked = ["git", "for-each-ref", "--format=%(refname) %(objectname)"]
        out = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True, timeout=30).stdout
        return dict(line.split(" ") for line in out.splitlines())

    return listed


@pytest.fixture
def venue_of() -> Callable[[Path], Venue]:
    """Where a desk plays its strategies."""

    def venue(folder: Path) -> Venue:
        with desk_at(folder, lambda words: None) as desk:
            return venue_at(desk, desk.forge.main())

    return venue


@pytest.fixture(scope="session")
def book_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's desk in the world that the template is judged on; for looking at and copying."""
    return _founded(tmp_path_factory.mktemp("book") / "desk", None)


def _founded(folder: Path, world: str | None) -> Path:
    founded(folder, (), world, "ann", lambda words: None)
    _shorten(folder)
    return folder


def _shorten(folder: Path) -> None:
    """Ann's own commit: one game an episode instead of eight, and a second for every search of Risk's."""
    market = folder / "market.yaml"
    shorter = market.read_text().replace("proof_s: 6.0", "proof_s: 1.0")
    if f"name: {PLAYED}" in shorter:
        shorter = shorter.replace("params: {}", "params: {games: 1.0}")
    market.write_text(shorter)
    subprocess.run(["git", "commit", "-qam", "Shorter"], cwd=folder, check=True, timeout=30)


def _left() -> int:
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0
