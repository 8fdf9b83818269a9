"""Reading ahead: what a run of statements is going to be asked for, brought in a few questions to git.

Nothing rests on it.  Which objects are needed is guessed, every one is hashed when it comes, and whoever
reads them afterwards checks all that it would check anyway.
"""

from collections.abc import Iterator, Sequence

from alphaloop.errors import RepositoryFailure, Untrusted
from alphaloop.forge import objects
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository, checked_id
from alphaloop.forge.objects import Node
from alphaloop.forge.statements import kept

# Far fewer objects than a repository remembers, so that none is forgotten before it is used.
_TOGETHER = 500


def commits(git: Repository, tip: str, known: str) -> None:
    """Bring the commits from `tip` back to `known` ("": to the first)."""
    without = [f"^{checked_id(known)}"] if known else []
    status, out, _ = git.attempt("rev-list", "--first-parent", f"--max-count={_TOGETHER}", tip, *without)
    if status == 0:
        git.look_ahead(out.decode().split())


def statements(git: Repository, found: Sequence[Commit], file: str) -> Iterator[Commit]:
    """The commits themselves, each after the tree, the `file` and the kept commits of its statement came."""
    for start in range(0, len(found), _TOGETHER):
        together = found[start : start + _TOGETHER]
        if len(together) > 1:
            _bring(git, [commit.tree for commit in together], file)
        yield from together


def _bring(git: Repository, trees: Sequence[str], file: str) -> None:
    beside = _below(git, trees)
    git.look_ahead(node.id for name, node in beside if name in (file, kept.FOLDER))
    folders = [node.id for name, node in beside if name == kept.FOLDER]
    pairs = [node.id for _, node in _below(git, folders) if node.mode == objects.TREE]
    git.look_ahead(node.id for name, node in _below(git, pairs) if name == "commit")


def _below(git: Repository, trees: Sequence[str]) -> list[tuple[str, Node]]:
    git.look_ahead(trees)
    return [node for tree in dict.fromkeys(trees) for node in _nodes(git, tree)]


def _nodes(git: Repository, tree: str) -> list[tuple[str, Node]]:
    try:
        return list(git.nodes(tree).items())
    except (RepositoryFailure, Untrusted):
        return []
