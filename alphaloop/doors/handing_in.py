"""A person's own files or branch, on their way into a pull request."""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from alphaloop.doors.reviewing import MAX_BYTES
from alphaloop.errors import Misuse
from alphaloop.facts.change import Change
from alphaloop.ports import Desk
from alphaloop.rules.entries.changes import change_opened, hypothesis_of_change
from alphaloop.wiring import repository_root

Files = Mapping[str, bytes | None]


def files_of(paths: Iterable[str], deleted: Iterable[str]) -> Files:
    """What lies at `paths` of the work tree, and None for what is `deleted`, by path from its top."""
    root = repository_root(Path())
    files: dict[str, bytes | None] = {_inside(root, path): _content(Path(path)) for path in paths}
    return files | {_inside(root, path): None for path in deleted}


def head_of(desk: Desk, branch: str) -> str:
    """The commit of a local branch; raises Misuse for what is no plain branch name, or no branch here."""
    commit = desk.forge.branch(branch)
    if commit is None:
        raise Misuse(f"there is no branch {branch[:80]!r} here: `git branch` lists them")
    return commit


def opened(desk: Desk, author: str, title: str, body: str, given: Files | str) -> Change:
    """Open a pull request of files, or of the branch of this name; said again, the same is opened once."""
    base = desk.forge.main()
    key = _key("open", author, title, body, base, given)
    change = (
        desk.forge.bring(author, title, body, head_of(desk, given), key)
        if isinstance(given, str)
        else desk.forge.open(author, title, body, given, key)
    )
    return _noted(desk, author, change)


def pushed(desk: Desk, author: str, number: int, words: str, given: Files | str) -> Change:
    """Push files on top of a pull request, or let the branch of this name be its head."""
    standing = desk.forge.change(number)
    key = _key("push", author, str(number), words, standing.head, given)
    change = (
        desk.forge.push_commits(number, author, head_of(desk, given), words, key)
        if isinstance(given, str)
        else desk.forge.push(number, author, given, words, key)
    )
    return _noted(desk, author, change)


def one_of(paths: Sequence[str], deleted: Sequence[str], branch: str | None) -> Files | str:
    """The files, or the branch; raises Misuse unless it is exactly one of both."""
    if (branch is None) == (not paths and not deleted):
        raise Misuse("name either files or a --branch: a change is one of both")
    return files_of(paths, deleted) if branch is None else branch


def _noted(desk: Desk, author: str, change: Change) -> Change:
    """Tell the ledger of this head, as it tells of every seat's."""
    believed = hypothesis_of_change(desk.ledger.entries(), change.number)
    desk.ledger.append(change_opened(change, believed, 0), author)
    return change


def _inside(root: Path, path: str) -> str:
    inside = os.path.relpath(Path.cwd() / path, root)
    if inside.startswith(".."):
        raise Misuse(f"{path} lies outside of {root}: name files of this repository")
    return Path(inside).as_posix()


def _content(path: Path) -> bytes:
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_BYTES:
            raise Misuse(f"{path} is no regular file of at most {MAX_BYTES} bytes: nothing else is proposed")
        return path.read_bytes()
    except OSError as wrong:
        raise Misuse(
            f"{path} cannot be read: {wrong.strerror}; name a file, or --delete what shall go"
        ) from wrong


def _key(what: str, *parts: str | Files) -> str:
    """The same for the same words and files, so that a command that was killed may be given again."""
    digest = hashlib.sha256()
    for part in parts:
        rows = [("", part)] if isinstance(part, str) else sorted(part.items())
        for name, content in rows:
            whole = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            digest.update(f"{name}\n{'' if whole is None else len(whole)}\n".encode("utf-8", "surrogatepass"))
            digest.update(whole or b"")
    return f"{what}:{digest.hexdigest()}"
