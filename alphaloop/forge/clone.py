"""A throw-away clone for rehearsals: a dry run opens, judges and merges there, and nothing of it remains."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import git as gitpython

from alphaloop.errors import RepositoryFailure
from alphaloop.forge.environment import isolation
from alphaloop.forge.folders import PRIVATE, folders_of
from alphaloop.forge.git import NOTHING, Move, Repository


@contextmanager
def rehearsal(folder: Path) -> Iterator[Path]:
    """A bare repository with the branches and pull requests of `folder`; it borrows objects and keys.

    The original is only read: objects come through git's alternates, the folder of private keys through a
    link.
    """
    with tempfile.TemporaryDirectory(prefix="alphaloop-rehearsal-", ignore_cleanup_errors=True) as scratch:
        clone = Path(scratch) / f"{folders_of(folder).root.name}.git"
        _initialised(clone)
        original, copy = Repository(folder), None
        try:
            _borrow(original, clone)
            copy = Repository(clone)
            _copy_refs(original, copy)
            yield clone
        finally:
            original.close()
            if copy is not None:
                copy.close()


def _initialised(clone: Path) -> None:
    opened = gitpython.Git(str(clone.parent))
    opened.update_environment(**isolation())
    try:
        opened.execute(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", "--template=", str(clone)]
        )
    except (gitpython.GitCommandError, gitpython.GitCommandNotFound) as failed:
        raise RepositoryFailure(
            f"git init failed in {clone.parent}: {failed}; free the disk, run again"
        ) from failed


def _borrow(original: Repository, clone: Path) -> None:
    alternates = clone / "objects" / "info" / "alternates"
    alternates.parent.mkdir(parents=True, exist_ok=True)
    alternates.write_text(f"{original.folders.common_dir / 'objects'}\n")
    private = clone / PRIVATE
    private.mkdir(mode=0o700)
    (private / "keys").symlink_to(original.folders.private / "keys", target_is_directory=True)


def _copy_refs(original: Repository, copy: Repository) -> None:
    refs = original.refs("refs/heads") | original.refs("refs/alphaloop")
    if not copy.move([Move(name, identity, NOTHING) for name, identity in refs.items()]):
        raise RepositoryFailure(f"the references of {original.folders.root} could not be copied: run again")
