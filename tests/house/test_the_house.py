"""The rules of the house that neither ruff nor import-linter can see."""

import ast
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / "alphaloop"
MODULES = sorted(PROGRAM.rglob("*.py"))

# Names that say nothing, so that everything ends up behind them.
EMPTY_NAMES = {"common", "data", "helper", "helpers", "manager", "managers", "process", "util", "utils"}
# A seat's module is named as the seat is, and the desk's own word for who looks after the tapes is Data.
SEATS = PROGRAM / "agents"


def test_contract_and_facts_need_nothing_but_the_standard_library() -> None:
    """A strategy imports the contract inside the sandbox, where nothing else may be."""
    finding = [PROGRAM / "compiled" / name for name in ("finder.py", "modules.py", "form.py", "digest.py")]
    rooms = [PROGRAM / "__init__.py", PROGRAM / "contract.py", *(PROGRAM / "facts").rglob("*.py"), *finding]
    allowed = ("alphaloop.compiled", "alphaloop.errors", "alphaloop.facts", "alphaloop.contract")
    strangers = [
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in rooms
        for name in _imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == room or name.startswith(f"{room}.") for room in allowed)
    ]
    assert strangers == []


def test_no_file_hides_behind_a_name_that_says_nothing() -> None:
    vague = [path for path in MODULES if path.parent != SEATS and _own_name(path) in EMPTY_NAMES]
    assert vague == []


def test_agents_holds_text_and_is_no_package() -> None:
    """A package named `agents` would shadow the import name of openai-agents."""
    assert list((REPOSITORY / "agents").rglob("*.py")) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in MODULES if not ast.get_docstring(_tree(path))]
    assert silent == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wishes = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
    ]
    locked = dict(_locked())
    unmet = [
        wish
        for wish in map(Requirement, wishes)
        if not wish.specifier.contains(locked.get(canonicalize_name(wish.name), "0"))
    ]
    assert unmet == [], "run `make lock`"


def test_the_lock_does_not_say_where_packages_come_from() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"(?m)://|^\s*--(?!hash=).*", lock) == []


def test_the_wheel_ships_what_a_new_desk_is_made_of(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling, the build backend, is not installed")
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(zipfile.ZipFile(wheel).namelist())
    missing = [path for path in _shipped() if f"alphaloop/shipped/{path}" not in packed]
    assert missing == []
    assert {name.partition("/")[0].partition("-")[0] for name in packed} == {"alphaloop"}
    # Whoever installs it compiles it: what lies here was made for this machine's Python.
    assert [name for name in packed if "__pycache__" in name or name.endswith(".so")] == []


def _shipped() -> Iterator[Path]:
    """Name what `init` copies, relative to the repository; by kind, so that caches are left out."""
    yield Path("roles.yaml")
    for folder in ("agents", "strategy_template"):
        for path in (REPOSITORY / folder).rglob("*"):
            if path.suffix in {".md", ".py", ".toml", ".yaml", ".yml"}:
                yield path.relative_to(REPOSITORY)


def _imports(path: Path) -> Iterator[str]:
    """Name every module that `path` imports, anywhere in it, relative imports spelled out."""
    package = path.relative_to(REPOSITORY).parent.parts
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            # `from alphaloop import rules` imports a module as well.
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _own_name(path: Path) -> str:
    return path.parent.name if path.name == "__init__.py" else path.stem


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _locked() -> Iterator[tuple[str, str]]:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", lock):
        yield canonicalize_name(name), version
