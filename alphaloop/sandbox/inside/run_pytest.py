"""Inside the sandbox: run the repository's tests, and say at the end of the session how they went."""

import importlib
import os
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest

from alphaloop.sandbox.inside import walls
from alphaloop.sandbox.inside.tally import Tally
from alphaloop.sandbox.report import WALLS_STAND, packed

_MEMORY_BYTES = 2 << 30
# Loaded before the walls: the one hides its file, the other needs shared libraries of the system.
_BEFOREHAND = ("alphaloop.contract", "numpy")


def main(arguments: Sequence[str]) -> None:
    """Arguments: socket, parent's process id, walls (0 or 1), CPU seconds, folder, then the test files.

    The folder holds `judge` (our configuration), `sources` (the repository) and `scratch` (theirs to write).
    """
    number, parent, locked, cpu_s, place, *files = arguments
    folder = Path(place)
    line = int(number)
    for name in _BEFOREHAND:
        importlib.import_module(name)
    _settle(folder)
    if locked == "1":
        walls.die_with_parent(int(parent))
        readable = [folder / "judge", folder / "sources", *_libraries()]
        walls.around_tests(readable, folder / "scratch", _MEMORY_BYTES, int(cpu_s))
    os.write(line, WALLS_STAND)
    _hush()
    tally = Tally()
    code = pytest.main([*_options(folder), *files], plugins=[tally])
    os.write(line, packed(tally.report()))
    os._exit(int(code))


def _settle(folder: Path) -> None:
    """Be at home in the folder: nothing that pytest or hypothesis keeps goes anywhere else."""
    scratch = str(folder / "scratch")
    os.environ.update(HOME=scratch, TMPDIR=scratch, HYPOTHESIS_STORAGE_DIRECTORY=scratch)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    libraries = [str(path) for path in _libraries()]
    sys.path[:] = [str(folder / "sources"), *libraries]
    os.chdir(folder / "sources")


def _libraries() -> list[Path]:
    """Where Python's own modules, pytest and numpy lie; AlphaLoop's own folder only if it lies among them."""
    paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_prefix})
    stdlib = Path(os.__file__).resolve().parent
    own = [stdlib, stdlib / "lib-dynload", Path(paths["platstdlib"])]
    added = [Path(sys.modules[name].__file__ or "").resolve().parent.parent for name in ("pytest", "numpy")]
    return list(dict.fromkeys(path for path in own + added if path.is_dir()))


def _hush() -> None:
    """Let nothing that tests print reach the pipe to the parent, which would fill."""
    nowhere = os.open("/dev/null", os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _options(folder: Path) -> list[str]:
    return [
        f"--config-file={folder / 'judge' / 'pytest.ini'}",
        f"--rootdir={folder / 'sources'}",
        f"--basetemp={folder / 'scratch' / 'pytest'}",
        "--import-mode=importlib",
        "--continue-on-collection-errors",
        "-pno:cacheprovider",
    ]
