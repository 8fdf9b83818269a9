"""Whether a clone is whole: what it lacks cannot be checked, and is never asked of a server on the quiet."""

from alphaloop.errors import RepositoryFailure
from alphaloop.forge.git import EVERYTHING, Repository

_ALL = " ".join(EVERYTHING)
_AGAIN = f"{_ALL} '+refs/heads/*:refs/remotes/origin/*'"
"""With main: git fetches again only what it is asked for by name."""


def refuse_unless_whole(git: Repository) -> None:
    """Raise RepositoryFailure for a shallow or partial clone, with the fetch that makes it whole."""
    if (git.folders.common_dir / "shallow").is_file():
        raise RepositoryFailure(
            f"{git.folders.root} is a shallow clone, so nothing can be verified: run "
            f"`git fetch --unshallow origin {_ALL}`"
        )
    missing = _missing(git) if _is_partial(git) else 0
    if missing:
        raise RepositoryFailure(
            f"{git.folders.root} is a partial clone that lacks {missing} objects, so nothing can be "
            f"verified: run `git fetch --refetch --no-filter origin {_AGAIN}`"
        )


def _is_partial(git: Repository) -> bool:
    promised = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
    status, _, _ = git.attempt("config", "--get-regexp", promised)
    return status == 0


def _missing(git: Repository) -> int:
    """How many objects that are referred to are not here; fsck calls them promised and says nothing."""
    listing = git.run("rev-list", "--objects", "--all", "--missing=print")
    return sum(line.startswith(b"?") for line in listing.splitlines())
