"""A folder for one run of a repository's tests: what they read, what they may write, and how much."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from alphaloop.errors import BadConfiguration

MAX_BYTES = 64 << 20
MAX_ENTRIES = 10_000
MAX_PATH = 1_000
"""What tests may leave in their scratch folder: bytes, files and folders, and characters of one path."""

_INI = """[pytest]
addopts =
python_files = test_*.py *_test.py
xfail_strict = true
"""


@contextmanager
def laid_out(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A temporary folder with `judge/pytest.ini`, `sources` and an empty `scratch`; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="alphaloop-tests-")).resolve()
    try:
        for name in ("judge", "sources", "scratch"):
            (folder / name).mkdir()
        (folder / "judge" / "pytest.ini").write_text(_INI, encoding="utf-8")
        for path, content in files.items():
            place = folder / "sources" / _inside(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield folder
    finally:
        _remove(folder)


def overflow(scratch: Path) -> str:
    """Which limit the scratch folder is over, in words; "" for none."""
    size = entries = 0
    pending = [str(scratch)]
    while pending:
        for entry in _entries(pending.pop()):
            entries += 1
            if entries > MAX_ENTRIES or len(entry.path) > MAX_PATH:
                return f"they made more than {MAX_ENTRIES} files or a path of more than {MAX_PATH} characters"
            size += _size(entry)
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
    return f"they wrote more than {MAX_BYTES >> 20} MiB" if size > MAX_BYTES else ""


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        # Removed, or made unreadable, since it was listed.
        return []


def _size(entry: os.DirEntry[str]) -> int:
    try:
        # Blocks, not length: a sparse file takes no room.
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:
        return 0


def _inside(path: str) -> PurePosixPath:
    relative = PurePosixPath(path)
    if not relative.parts or relative.is_absolute() or ".." in relative.parts or "\0" in path:
        raise BadConfiguration(f"{path!r} is no path inside a repository; remove the file")
    return relative


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except (RecursionError, OSError):
        # Hostile code left unreadable folders, or folders deeper than Python can follow.
        subprocess.run(["chmod", "-R", "u+rwX", "--", str(folder)], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
