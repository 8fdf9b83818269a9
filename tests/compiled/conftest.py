"""A copy of the program with its compiled form, which the whole session shares, and ways to run it."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alphaloop.compiled.building import missing
from alphaloop.compiled.digest import PACKAGE, digest_of
from alphaloop.compiled.form import folder_of
from alphaloop.compiled.switch import NEVER, SWITCH

Answer = subprocess.CompletedProcess[str]
Run = Callable[..., Answer]

DOOR = "from alphaloop.doors.cli import main; main()"


def run(
    program: Path, words: Sequence[object], form: str = "", folder: Path | None = None, **environment: str
) -> Answer:
    """Run Python on a copy of the program, from source where `form` is "never"; in `folder`, or beside it."""
    return subprocess.run(
        # Not the folder that it runs in, which might hold another `alphaloop`, but PYTHONPATH says which one.
        [sys.executable, "-P", *map(str, words)],
        cwd=folder or program.parent,
        env={**os.environ, "PYTHONPATH": str(program.parent), SWITCH: form, **environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.fixture(scope="session")
def python() -> Run:
    """Run Python on a copy of the program: program, words, form, further environment."""
    return run


@pytest.fixture(scope="session")
def door() -> Run:
    """Run `alphaloop` of a copy of the program."""

    def enter(
        program: Path, *words: object, form: str = "", folder: Path | None = None, **environment: str
    ) -> Answer:
        return run(program, ["-c", DOOR, *words], form, folder, **environment)

    return enter


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder that the first of a session's processes fills, and all of them share."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        with (common / f"{name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (common / name).exists():
                shutil.rmtree(common / f"{name}.half", ignore_errors=True)
                (common / f"{name}.half").mkdir()
                fill(common / f"{name}.half")
                (common / f"{name}.half").rename(common / name)
        return common / name

    return made


@pytest.fixture(scope="session")
def compiled(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """A copy of the package beside which its compiled form lies; for looking at and copying.

    The form is taken from the work tree where `make compiled` has made it.
    """
    if lacks := missing():
        pytest.skip(f"nothing can be compiled here: {'; '.join(lacks)}")

    def fill(folder: Path) -> None:
        program = folder / "alphaloop"
        copied(PACKAGE, program)
        made = folder_of(PACKAGE, digest_of(program))
        if made.exists():
            shutil.copytree(made, program / "__pycache__" / made.name)
        answer = run(program, ["-c", DOOR, "compile"])
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.startswith(f"compiled: {program / '__pycache__'}")

    return once("compiled", fill) / "alphaloop"


@pytest.fixture
def program(compiled: Path, tmp_path: Path) -> Path:
    """A copy of the package with its compiled form, to be changed."""
    copy = tmp_path / "program" / "alphaloop"
    shutil.copytree(compiled, copy)
    return copy


@pytest.fixture
def bare(compiled: Path, tmp_path: Path) -> Path:
    """A copy of the same package without a compiled form."""
    copied(compiled, tmp_path / "bare" / "alphaloop")
    return tmp_path / "bare" / "alphaloop"


def copied(package: Path, place: Path) -> None:
    """As a checkout holds it: without what Python made of it, and with what `init` copies."""
    shutil.copytree(package, place, ignore=shutil.ignore_patterns("__pycache__"))
    if not (package / "shipped").exists():
        for name in ("roles.yaml", "agents", "strategy_template"):
            (place.parent / name).symlink_to(package.parent / name)


@pytest.fixture(scope="session")
def never() -> str:
    """What asks for the sources."""
    return NEVER
