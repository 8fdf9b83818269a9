"""The work trees in which main is checked out follow main, or the merge does not happen.

When a reference moves under a checkout that stays behind, the user's next `git commit -a` takes the merge
back. What is about to happen is written down first, so that a killed run can be finished.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alphaloop.errors import RepositoryFailure
from alphaloop.forge import locks, objects
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Repository

_INTENT = "checkout.json"
_MAIN = "branch refs/heads/main"


def obstacle(git: Repository, old: str, new: str) -> str:
    """Why a checkout of main cannot follow from `old` to `new`, in words; "" when all can."""
    for root in _checkouts(git):
        with _opened(root) as there:
            edited = _edited(there)
            if edited:
                return (
                    f"main is checked out in {root} with uncommitted changes to {_some(edited)}: commit or "
                    "stash "
                    "them there, then run again"
                )
            status, _, err = there.attempt("read-tree", "-n", "-m", "-u", old, new)
            if status:
                words = " ".join(err.decode("utf-8", "replace").split())
                return f"main, checked out in {root}, cannot follow: {words}; move that away, run again"
    return ""


def announce(git: Repository, old: str, new: str) -> None:
    """Write down that checkouts of main are about to follow from `old` to `new`."""
    path = git.folders.private / _INTENT
    fresh = path.with_suffix(".fresh")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text(json.dumps({"old": old, "new": new}))
        fresh.replace(path)
    except OSError as wrong:
        raise RepositoryFailure(f"{path} cannot be written: {wrong}; free the disk, run again") from wrong


def withdraw(git: Repository) -> None:
    """Forget what was announced: it is done, or it will not happen."""
    (git.folders.private / _INTENT).unlink(missing_ok=True)


def follow(git: Repository, old: str, new: str) -> None:
    """Move every checkout of main from `old` to `new`, index and files, and forget the announcement."""
    for root in _checkouts(git):
        with _opened(root) as there:
            there.run("read-tree", "-m", "-u", old, new)
    withdraw(git)


def finish(git: Repository, main: str) -> str:
    """Let checkouts that a killed run left behind follow to `main`; what was done in words, or ""."""
    announced = _announced(git.folders.private / _INTENT)
    if announced is None:
        return ""
    old, new = announced
    if main != new:
        withdraw(git)
        return ""
    done = [str(root) for root in _checkouts(git) if _finished(root, old, new)]
    withdraw(git)
    return f"brought the checkout in {', '.join(done)} to {new[:12]}" if done else ""


def _finished(root: Path, old: str, new: str) -> bool:
    with _opened(root) as there:
        if not _edited(there):
            return False
        ours = dict(objects.difference(there.nodes, there.commit(old).tree, there.commit(new).tree))
        theirs = [
            path for path in _edited(there) if path not in ours or not _half_written(there, path, old, new)
        ]
        if theirs:
            raise RepositoryFailure(
                f"a merge was interrupted while {root} followed main, and {_some(theirs)} was edited "
                "since: save "
                f"your edit elsewhere, `git checkout {old[:12]} -- <file>`, then run again"
            )
        _reset(there, new)
    return True


def _reset(there: Repository, new: str) -> None:
    words = ""
    for _ in attempts(there, ()):
        status, _, err = there.attempt("read-tree", "--reset", "-u", new)
        if status == 0:
            return
        words = " ".join(err.decode("utf-8", "replace").split())
        if "index.lock" not in words:
            break
        locks.clear(there, (), index=True)
    raise RepositoryFailure(
        f"{there.folders.root} could not follow main to {new[:12]}: {words}; mend it, run again"
    )


def _half_written(there: Repository, path: str, old: str, new: str) -> bool:
    """Whether a file is what an interrupted checkout can leave: gone, old, new, or the beginning of new."""
    file = there.folders.root / path
    if file.is_symlink() or not file.is_file():
        return not (file.is_symlink() or file.exists())
    content = file.read_bytes()
    before, after = there.node(old, path), there.node(new, path)
    was_old = before is not None and there.blob(before.id) == content
    return was_old or (after is not None and there.blob(after.id).startswith(content))


def _checkouts(git: Repository) -> list[Path]:
    stanzas = git.run("worktree", "list", "--porcelain").decode("utf-8", "surrogateescape").split("\n\n")
    lines = [stanza.strip().split("\n") for stanza in stanzas]
    return [Path(line[0].removeprefix("worktree ")) for line in lines if _MAIN in line and "bare" not in line]


@contextmanager
def _opened(root: Path) -> Iterator[Repository]:
    there = Repository(root)
    try:
        yield there
    finally:
        there.close()


def _edited(there: Repository) -> list[str]:
    """Tracked paths whose index or file differs from HEAD."""
    listing = there.run("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    return [line[3:] for line in listing.decode("utf-8", "surrogateescape").split("\0") if line]


def _announced(path: Path) -> tuple[str, str] | None:
    try:
        intent = json.loads(path.read_text())
        return str(intent["old"]), str(intent["new"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise RepositoryFailure(
            f"{path} is unreadable: look at `git status`, then delete it and run again"
        ) from wrong


def _some(paths: list[str]) -> str:
    return ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
