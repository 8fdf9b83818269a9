"""Where a repository keeps its things."""

from dataclasses import dataclass
from pathlib import Path

from alphaloop.errors import Misuse

PRIVATE = ".alphaloop"


@dataclass(frozen=True, slots=True)
class Folders:
    """root: the work tree, or the bare repository; git_dir, common_dir: git's own; private: keys and marks.

    Linked work trees share one private folder, which stands beside the common git folder.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    private: Path
    bare: bool


def folders_of(folder: Path) -> Folders:
    """The folders of the repository whose top is `folder`; raises Misuse when it is none.

    Nothing is asked of the environment: GIT_DIR of a surrounding hook must not name another repository.
    """
    root = folder.resolve()
    dot_git = root / ".git"
    if dot_git.is_dir():
        return Folders(root, dot_git, dot_git, root / PRIVATE, bare=False)
    if dot_git.is_file():
        return _linked(root, dot_git)
    if is_bare(root):
        return Folders(root, root, root, root / PRIVATE, bare=True)
    raise Misuse(f"{folder} is not the top of a git repository: go there, or make one with `alphaloop init`")


def is_bare(folder: Path) -> bool:
    """Whether `folder` is a repository without a work tree, and not the `.git` of one that has it."""
    parts = ((folder / "objects").is_dir(), (folder / "refs").is_dir(), (folder / "HEAD").is_file())
    return all(parts) and folder.name != ".git"


def _linked(root: Path, dot_git: Path) -> Folders:
    git_dir = (root / dot_git.read_text().removeprefix("gitdir:").strip()).resolve()
    pointer = git_dir / "commondir"
    if not pointer.is_file():
        raise Misuse(f"{dot_git} leads to {git_dir}, which is no linked work tree: run `git worktree repair`")
    common = (git_dir / pointer.read_text().strip()).resolve()
    return Folders(root, git_dir, common, common.parent / PRIVATE, bare=False)
