"""Founding a strategy repository: files, keys, a first signed commit and a ledger, or nothing at all.

Everything is built in a folder beside the target and renamed into place.  Whoever clones the result brings
the pull requests along with `git fetch origin '+refs/alphaloop/*:refs/alphaloop/*'`.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import git as gitpython

from alphaloop.errors import Misuse, RepositoryFailure
from alphaloop.facts.entry import Entry
from alphaloop.facts.role import HUMAN, address
from alphaloop.forge import commits, objects
from alphaloop.forge.environment import isolation
from alphaloop.forge.folders import PRIVATE
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.keys import signers
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.objects import REGULAR, Node, Object

MAIN = "refs/heads/main"
IGNORED = (f"{PRIVATE}/", "task.md", "walkthrough.md")


def found(
    folder: Path,
    files: Mapping[str, bytes],
    principals: Sequence[str],
    human: str,
    fill: Callable[[Path], None] | None = None,
) -> Entry:
    """Make a repository of `files` at `folder`, with a key for each of `principals` and for human:<`human`>.

    fill: puts what git ignores into the private folder before the repository appears.  Answers the genesis
    entry.  Raises Misuse, having written nothing, when the folder is not empty or a name or path is bad.
    """
    target = folder.absolute()
    person = signers.checked_principal(HUMAN + human)
    everybody = [*map(signers.checked_principal, principals), person]
    if len(set(everybody)) != len(everybody):
        raise Misuse("a principal is named twice: each needs one key of its own")
    for path in files:
        objects.checked_path(path)
    refuse_unless_free(target)
    with _built_beside(target) as draft:
        genesis = _built(draft, files, everybody, person)
        if fill is not None:
            fill(draft / PRIVATE)
        return genesis


def refuse_unless_free(folder: Path) -> None:
    """Raise Misuse unless a repository can be made at `folder`."""
    target = folder.absolute()
    try:
        taken = target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir())))
        reachable = target.parent.is_dir() and os.access(target.parent, os.W_OK | os.X_OK)
    except OSError as wrong:
        raise Misuse(f"{target} cannot be looked at: {wrong}; name another folder") from wrong
    if taken:
        what = "is not empty" if target.is_dir() and not target.is_symlink() else "is no folder of its own"
        raise Misuse(f"{target} {what}: name a new folder, nothing was written")
    if not reachable:
        raise Misuse(f"{target.parent} is no folder that you may write to: make it, or name another")


@contextmanager
def _built_beside(target: Path) -> Iterator[Path]:
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as wrong:
        raise Misuse(f"nothing can be written beside {target}: {wrong}; name another folder") from wrong
    try:
        yield draft
        draft.chmod(0o755)
        draft.replace(target)
    except OSError as wrong:
        raise RepositoryFailure(f"{target} could not be made: {wrong}; nothing was left behind") from wrong
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _built(draft: Path, files: Mapping[str, bytes], everybody: Sequence[str], person: str) -> Entry:
    _initialised(draft)
    repository = Repository(draft)
    try:
        folder = repository.folders.private / "keys"
        ring = keys.generate(folder, everybody)
        holder = KeyFolder(folder)
        first = _first_commit(repository, holder, _tracked(files, ring), person)
        _configured(repository, person)
        body = {"format": 1, "founding": first, "keys": signers.to_body(ring)}
        entry = LocalLedger(repository, holder).begin(body, person, {"founding": first})
        repository.run("read-tree", "-m", "-u", first)
        return entry
    finally:
        repository.close()


def _initialised(draft: Path) -> None:
    opened = gitpython.Git(str(draft))
    opened.update_environment(**isolation())
    try:
        opened.execute(["git", "init", "--quiet", "--initial-branch=main", "--template=", str(draft)])
    except (gitpython.GitCommandError, gitpython.GitCommandNotFound) as failed:
        raise RepositoryFailure(
            f"git init failed in {draft.parent}: {failed}; mend that, run again"
        ) from failed


def _tracked(files: Mapping[str, bytes], ring: signers.Ring) -> dict[str, bytes]:
    ignored = files.get(".gitignore", b"").decode().splitlines()
    lines = [*ignored, *(line for line in IGNORED if line not in ignored)]
    return {
        **files,
        ".gitignore": "\n".join([*lines, ""]).encode(),
        signers.PATH: signers.written(ring).encode(),
    }


def _first_commit(repository: Repository, holder: KeyFolder, files: Mapping[str, bytes], person: str) -> str:
    blobs = {path: Object("blob", content) for path, content in files.items()}
    changes = {path: Node(REGULAR, blob.id) for path, blob in blobs.items()}
    root, trees = objects.graft(repository.nodes, None, changes)
    content = commits.payload(root, (), person, "Found the desk", commits.now())
    commit = commits.sealed(content, holder.armour(person, content))
    repository.write([*blobs.values(), *trees, commit])
    repository.move([Move(MAIN, commit.id, NOTHING)])
    return commit.id


def _configured(repository: Repository, person: str) -> None:
    """Let the human's own `git commit` be signed, and `git verify-commit` check; paths are from the top."""
    settings = {
        "user.name": person,
        "user.email": address(person),
        "gpg.format": "ssh",
        "gpg.ssh.allowedSignersFile": signers.PATH,
        "user.signingkey": f"{PRIVATE}/keys/{keys.key_file(Path(), person).name}",
        "commit.gpgsign": "true",
    }
    for name, value in settings.items():
        repository.run("config", "--local", name, value)
