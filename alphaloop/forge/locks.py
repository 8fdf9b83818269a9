"""Lock files that a killed git left behind.

A `.lock` is stale when it is older than any reference update takes and no git process that could own it
lives. Where processes cannot be seen (no /proc), only a much greater age counts.
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from alphaloop.errors import RepositoryFailure
from alphaloop.forge.git import Repository, checked_ref

STALE_S = 1.0
STALE_UNSEEN_S = 120.0
_PROCESSES = Path("/proc")


def clear(git: Repository, refs: Sequence[str], index: bool = False) -> tuple[Path, ...]:
    """Remove stale locks of these references, of HEAD and of packed-refs (and of the index); answer which."""
    folders = git.folders
    names = [folders.common_dir / f"{checked_ref(ref)}.lock" for ref in refs]
    names += [folders.git_dir / "HEAD.lock", folders.common_dir / "HEAD.lock"]
    names += [folders.common_dir / "packed-refs.lock"]
    names += [folders.git_dir / "index.lock"] if index else []
    present = [path for path in dict.fromkeys(names) if _age_s(path) is not None]
    if not present:
        return ()
    owned, seen = _git_may_live_here((folders.root, folders.git_dir, folders.common_dir))
    return tuple(
        path for path in present if not owned and _removed(path, STALE_S if seen else STALE_UNSEEN_S)
    )


def _removed(path: Path, older_than_s: float) -> bool:
    age = _age_s(path)
    if age is None or age < older_than_s:
        return False
    try:
        path.unlink(missing_ok=True)
    except OSError as wrong:
        raise RepositoryFailure(f"{path} was left by a killed git and cannot be removed: {wrong}") from wrong
    return True


def _age_s(path: Path) -> float | None:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return None


def _git_may_live_here(folders: Iterable[Path]) -> tuple[bool, bool]:
    """Whether a git process may be at work in these folders, and whether processes can be seen at all."""
    if not (_PROCESSES / "self" / "cmdline").exists():
        return False, False
    roots = [str(folder) for folder in folders]
    return any(_works_in(process, roots) for process in _PROCESSES.glob("[0-9]*")), True


def _works_in(process: Path, roots: list[str]) -> bool:
    try:
        words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        if not Path(words[0]).name.startswith("git") or "cat-file" in words:
            return False
        current = str((process / "cwd").readlink())
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        # Another user's git, somewhere: it may be here.
        return True
    inside = any(current == root or current.startswith(f"{root}/") for root in roots)
    return inside or any(root in word for word in words for root in roots)
