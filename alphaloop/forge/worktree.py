"""The work trees in which main is checked out follow main, or the merge does not happen.

When a reference moves under a checkout that stays behind, the user's next `git commit -a` takes the merge
back. What is about to happen is written down first, so that a killed run can be finished.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alphaloop.errors import RepositoryFailure
from alphaloop.forge import objects
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Repository

_MAIN = "branch refs/heads/main"
_RETRY = "mend it, run again"
# As long as git itself may hold the lock of the index; whoever holds it longer is a person with an editor.
_PATIENCE_S = 3.0


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
            words = _indexed(there, "update-index", "--refresh")
            words = words or _indexed(there, "read-tree", "-n", "-m", "-u", old, new)
            if words:
                return f"main, checked out in {root}, cannot follow: {words}; move that away, run again"
    return ""


def announce(git: Repository, old: str, new: str) -> None:
    """Write down that checkouts of main are about to follow from `old` to `new`."""
    path = _intent(git, new)
    fresh = path.with_suffix(".fresh")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text(json.dumps({"old": old, "new": new}))
        fresh.replace(path)
    except OSError as wrong:
        raise RepositoryFailure(f"{path} cannot be written: {wrong}; free the disk, run again") from wrong


def withdraw(git: Repository, new: str) -> None:
    """Forget what was announced: it is done, or will not happen.  Nobody else's announcement is touched."""
    _intent(git, new).unlink(missing_ok=True)


def follow(git: Repository, old: str, new: str) -> None:
    """Move every checkout of main from `old` to `new`, index and files, and forget the announcement."""
    for root in _checkouts(git):
        with _opened(root) as there:
            words = _indexed(there, "read-tree", "-m", "-u", old, new)
            if words:
                raise RepositoryFailure(f"{root} could not follow main to {new[:12]}: {words}; {_RETRY}")
    withdraw(git, new)


def finish(git: Repository, main: str) -> str:
    """Let checkouts that a killed run left behind follow to `main`; what was done in words, or "".

    What was announced for another commit may be of somebody who is about to move main there: it stays.
    """
    announced = _announced(_intent(git, main))
    if announced is None:
        return ""
    old, new = announced
    done = [str(root) for root in _checkouts(git) if _finished(root, old, new)]
    withdraw(git, new)
    return f"brought the checkout in {', '.join(done)} to {new[:12]}" if done else ""


def _intent(git: Repository, new: str) -> Path:
    return git.folders.private / f"checkout-{new}.json"


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
        words = _indexed(there, "read-tree", "--reset", "-u", new)
        if words:
            raise RepositoryFailure(f"{root} could not follow main to {new[:12]}: {words}; {_RETRY}")
    return True


def _indexed(there: Repository, *command: str) -> str:
    """Run a git command that locks the index; what git objects to, or "".  A dead git's lock is removed."""
    words = ""
    for _ in attempts(there, (), index=True, patience_s=_PATIENCE_S):
        status, _, err = there.attempt(*command)
        if status == 0:
            return ""
        words = " ".join(err.decode("utf-8", "replace").split()) or "git said nothing"
        if "index.lock" in words and "File exists" not in words:
            raise RepositoryFailure(f"{there.folders.root}: {words}; free the disk, run again")
        if "index.lock" not in words:
            break
    return words


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
