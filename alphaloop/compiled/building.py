"""Make the compiled form of this program: beside the others first, then at its place by one rename."""

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from alphaloop.compiled.digest import PACKAGE, digest_of
from alphaloop.compiled.form import folder_of, places_in, seal
from alphaloop.compiled.modules import MODULES
from alphaloop.compiled.switch import NEVER, PREFIX, SWITCH
from alphaloop.errors import Broken, Stale

LOCK, WORK = "compiling.lock", "compiling-"
"""Names in `__pycache__`; neither begins as a compiled form does."""

_LONGEST_S = 1_800.0
# Any of these would change the arithmetic, or the types that mypyc believes in.
_IGNORED = ("CFLAGS", "CPPFLAGS", "LDFLAGS", "MYPYPATH")
_TRIAL = "import sys; sys.path.insert(0, ''); from alphaloop.compiled.trial import main; main(sys.argv[1])"

Say = Callable[[str], None]


def build(say: Say) -> Path:
    """The folder with the compiled form of this program, which is made when it is absent or damaged.

    Forms of other programs are removed.  Raises Broken when something that is needed lacks or fails, and
    Stale when a file of the program was changed meanwhile.
    """
    if lacks := missing():
        raise Broken(
            f"nothing can be compiled here: {'; '.join(lacks)}. From source all works the same, slower"
        )
    cache = PACKAGE / "__pycache__"
    cache.mkdir(exist_ok=True)
    with _alone(cache, say), TemporaryDirectory(prefix=WORK, dir=cache) as name:
        work = Path(name)
        digest = _copied(work)
        place = folder_of(PACKAGE, digest)
        if not _whole(place):
            _make(work, say)
            _put(work / "made", place, work)
        _sweep(cache, place, work)
    if digest_of(PACKAGE) != digest:
        raise Stale("a file of the program was changed while it was compiled; run `alphaloop compile` again")
    return place


def remove() -> int:
    """Remove every compiled form of this package, and say how many there were."""
    cache = PACKAGE / "__pycache__"
    forms = sorted(cache.glob(f"{PREFIX}*"))
    if forms:
        with _alone(cache, lambda words: None), TemporaryDirectory(prefix=WORK, dir=cache) as work:
            _sweep(cache, None, Path(work))
    return len(forms)


def missing() -> tuple[str, ...]:
    """What this machine lacks to compile, in words; () when nothing."""
    lacks = []
    if any(find_spec(name) is None for name in ("mypyc", "setuptools")):
        lacks.append("mypy and setuptools are not installed (`pip install 'alphaloop[compiled]'`)")
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        lacks.append(f"there is no C compiler {compiler!r} (Debian: apt-get install gcc)")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        lacks.append("Python's own headers are not installed (Debian: apt-get install python3-dev)")
    return tuple(lacks)


@contextmanager
def _alone(cache: Path, say: Say) -> Iterator[None]:
    """One build at a time; whoever dies lets go.  What builds that were killed have left is removed."""
    with (cache / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build is at it; waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in cache.glob(f"{WORK}*/"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _copied(work: Path) -> str:
    """Copy the program, so that what is compiled cannot change meanwhile; answers the copy's digest."""
    shutil.copytree(PACKAGE, work / "alphaloop", ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    return digest_of(work / "alphaloop")


def _whole(place: Path) -> bool:
    try:
        places_in(place)
    except Broken:
        return False
    return True


def _make(work: Path, say: Say) -> None:
    """From the copy of the program in `work` to a form in `work`, which has been loaded once."""
    say(f"compiling {len(MODULES)} modules, which takes half a minute or so")
    began = monotonic()
    files = [f"{name.replace('.', '/')}.py" for name in MODULES]
    _run(work, [str(work / "alphaloop" / "compiled" / "compiler.py"), *files], "mypyc or the C compiler")
    seal(work / "made")
    _run(work, ["-c", _TRIAL, str(work / "made")], "loading what was compiled")
    say(f"compiled in {monotonic() - began:.0f} s")


def _run(work: Path, arguments: list[str], what: str) -> None:
    """Run a Python in `work` that sees neither this package nor a user's flags; raises Broken."""
    kept = {name: value for name, value in os.environ.items() if name not in _IGNORED}
    command = [sys.executable, "-P", *arguments]
    try:
        ended = subprocess.run(
            command,
            cwd=work,
            env={**kept, SWITCH: NEVER},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Broken(f"{what} took over {_LONGEST_S:g} s; nothing is used of it") from late
    if ended.returncode:
        told = (ended.stdout + ended.stderr).splitlines()
        lines = [line for line in told if "error" in line.lower() and "-Wno-error" not in line] or told
        raise Broken(f"{what} failed, and nothing is used of it: {' / '.join(lines[-6:])[-1_500:]}")


def _put(form: Path, place: Path, work: Path) -> None:
    """Put a form at its place; a damaged one that lies there goes first."""
    if place.exists():
        place.rename(work / "damaged")
    form.rename(place)


def _sweep(cache: Path, kept: Path | None, work: Path) -> None:
    """Take the forms of other programs away; another Python's form of this very program may stay."""
    for number, form in enumerate(cache.glob(f"{PREFIX}*")):
        if kept is None or form.name.partition(".")[0] != kept.name.partition(".")[0]:
            # By a rename: half of a form must never lie under its name.
            form.rename(work / f"old-{number}")
