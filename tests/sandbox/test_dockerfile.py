"""The Dockerfile copies what is there, and all that it needs; that it builds, other tests here show."""

import re
import shlex
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
# Made by hand, for a build without a network.
OPTIONAL = "build/package[s]"


def copied(stage: str) -> Iterator[str]:
    """What a stage copies from the context."""
    body = re.split(r"(?m)^FROM .* AS ", TEXT.partition(f" AS {stage}\n")[2])[0]
    for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", body):
        yield from shlex.split(line)[:-1]


@pytest.mark.parametrize("stage", ["sandbox-packages", "sandbox", "release-packages", "release"])
def test_whatever_is_copied_is_there_and_in_the_context(stage: str) -> None:
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    sources = set(copied(stage)) - {OPTIONAL}
    assert [path for path in sources if not (REPOSITORY / path).exists()] == []
    hidden = {
        path
        for path in sources
        if not any(path == each or path.startswith(f"{each}/") for each in let_through)
    }
    assert hidden == set()


def test_a_release_is_built_from_all_that_its_wheel_is_made_of() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    parts = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert parts | set(wheel["packages"]) | set(wheel["force-include"]) <= set(copied("release-packages"))


def test_the_base_is_pinned_by_digest_and_comes_from_an_argument() -> None:
    assert re.search(r"(?m)^ARG BASE=\S+@sha256:[0-9a-f]{64}$", TEXT)
    assert {line.split()[1] for line in re.findall(r"(?m)^FROM .*$", TEXT)} == {"${BASE}"}


def test_nobody_is_root_in_either_image() -> None:
    assert TEXT.count("\nUSER 65532:65532\n") == 2


def test_a_worker_loads_nothing_that_the_image_lacks() -> None:
    """The sandbox's image holds the contract, the errors and the sandbox; these need nothing else of ours."""
    places = [*(REPOSITORY / "alphaloop" / "sandbox" / "inside").glob("*.py")]
    places += [
        REPOSITORY / "alphaloop" / "sandbox" / "docker" / f"{name}.py" for name in ("arrival", "program")
    ]
    held = {"alphaloop", "alphaloop.contract", "alphaloop.errors", "alphaloop.sandbox"}
    for place in places:
        for name in re.findall(r"(?m)^(?:from|import) (alphaloop[\w.]*)", place.read_text(encoding="utf-8")):
            assert name in held or name.startswith("alphaloop.sandbox."), f"{place.name} imports {name}"


def test_the_wheel_carries_the_whole_sandbox_with_its_profile(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling, the build backend, is not installed")
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(zipfile.ZipFile(wheel).namelist())
    modules = {
        str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "alphaloop" / "sandbox").rglob("*.py")
    }
    assert "alphaloop/sandbox/docker/seccomp.py" in modules
    assert modules - packed == set()
