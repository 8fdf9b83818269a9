"""The one door to git: every git process of the program starts here.

Reading goes through GitPython's persistent `git cat-file`, and every object is hashed again, because git
itself does not compare a loose object with its name.  Writing is one `git unpack-objects` for all objects of
a step and one `git update-ref --stdin` for all references.
"""

import os
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import git

from alphaloop.errors import BadConfiguration, Misuse, RepositoryFailure, Untrusted
from alphaloop.forge import commits, objects
from alphaloop.forge.commits import Commit
from alphaloop.forge.environment import environment
from alphaloop.forge.folders import Folders, folders_of
from alphaloop.forge.objects import Node, Nodes, Object

NOTHING = "0" * 40
EVERYTHING = ("'refs/alphaloop/*:refs/alphaloop/*'", "'refs/heads/alphaloop/*:refs/heads/alphaloop/*'")
"""What a plain clone leaves behind, as `git fetch origin` is asked for it."""
_SECONDS = 120
_HEX = re.compile(r"[0-9a-f]{40}")
# Stricter than git-check-ref-format: plain ASCII, so that no name can look like another.
_REF = re.compile(r"refs(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")


class Move(NamedTuple):
    """A reference that is to go from `old` to `new`; `NOTHING` as old means that it must not exist yet."""

    ref: str
    new: str
    old: str


class Repository:
    """A strategy repository, bare or with a work tree."""

    def __init__(self, folder: Path) -> None:
        self.folders: Folders = folders_of(folder)
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._git = self._opened()
        self._cached = lru_cache(maxsize=20_000)(self._read)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """The standard output of `git <arguments>`; raises RepositoryFailure with git's words."""
        status, out, err = self.attempt(*arguments, stdin=stdin)
        if status:
            raise RepositoryFailure(
                f"git {arguments[0]} failed in {self.folders.root}: {_words(err)}; mend that and run again"
            )
        return out

    def attempt(self, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """Exit status, standard output and standard error of `git <arguments>`."""
        process = self._start(arguments)
        try:
            out, err = process.communicate(stdin, timeout=_SECONDS)
        except subprocess.TimeoutExpired as late:
            process.kill()
            process.communicate()
            raise RepositoryFailure(
                f"git {arguments[0]} did not end within {_SECONDS} s in {self.folders.root}: look for "
                "a full or "
                "stalled disk, then run again"
            ) from late
        status: int = process.returncode
        return status, out, err

    def ref(self, name: str) -> str | None:
        """The commit that a full reference name points at, or None when there is none."""
        with self._lock:
            healthy = False
            try:
                identity, kind, _ = map(_text, self._here().get_object_header(checked_ref(name)))
                healthy = True
            except ValueError as missing:
                healthy = "missing" in str(missing)
                if not healthy:
                    raise RepositoryFailure(
                        f"{name} cannot be read in {self.folders.root}: run `git fsck`, then run again"
                    ) from missing
                return None
            finally:
                self._reset_unless(healthy)
        if kind != "commit":
            raise Untrusted(f"{name} points at a {kind}, not at a commit: find out who moved it")
        return identity

    def refs(self, prefix: str) -> dict[str, str]:
        """Every reference below `prefix`: name → object id."""
        lines = self.run("for-each-ref", "--format=%(objectname) %(refname)", checked_ref(prefix)).decode()
        pairs = (line.split(" ", 1) for line in lines.splitlines())
        return {name: identity for identity, name in pairs}

    def read(self, identity: str) -> Object:
        """An object by its id, hashed again; raises Untrusted when its bytes are not those of its name."""
        return self._cached(checked_id(identity))

    def blob(self, identity: str) -> bytes:
        """The content of a blob."""
        return self._of_kind("blob", identity)

    def nodes(self, identity: str) -> Nodes:
        """The nodes of a tree."""
        return objects.nodes_of(self._of_kind("tree", identity))

    def commit(self, identity: str) -> Commit:
        """A commit, taken apart; nothing is said of its signature yet."""
        return commits.parsed(self._of_kind("commit", identity))

    def node(self, commit: str, path: str) -> Node | None:
        """What stands at `path` in a commit, or None."""
        *folders, name = objects.checked_path(path).split("/")
        nodes = self.nodes(self.commit(commit).tree)
        for folder in folders:
            node = nodes.get(folder)
            if node is None or node.mode != objects.TREE:
                return None
            nodes = self.nodes(node.id)
        return nodes.get(name)

    def file(self, commit: str, path: str) -> bytes:
        """The blob of the regular file at `path`; raises BadConfiguration when there is none."""
        node = self.node(commit, path)
        if node is None:
            raise BadConfiguration(f"{path} is not in commit {commit[:12]}: add it, or name another commit")
        if not node.mode.startswith("100"):
            raise BadConfiguration(
                f"{path} in commit {commit[:12]} has mode {node.mode}: make it a regular file"
            )
        return self.blob(node.id)

    def write(self, things: Sequence[Object]) -> None:
        """Store objects; those that are there already are left alone."""
        self.run("unpack-objects", "-q", "--strict", stdin=objects.pack(objects.unique(things)))

    def move(self, moves: Sequence[Move], verified: Mapping[str, str] | None = None) -> bool:
        """Move references in this order, all or none, if those in `verified` stay; False when one moved."""
        lines = ["start"]
        for name, identity in (verified or {}).items():
            lines.append(f"verify {checked_ref(name)} {checked_id(identity)}")
        for name, new, old in moves:
            lines.append(f"update {checked_ref(name)} {checked_id(new)} {checked_id(old)}")
        lines += ["prepare", "commit", ""]
        status, _, err = self.attempt("update-ref", "--stdin", stdin="\n".join(lines).encode())
        if status == 0:
            return True
        expected = {**(verified or {}), **{move.ref: move.old for move in moves}}
        moved = any((self.ref(name) or NOTHING) != identity for name, identity in expected.items())
        if moved or b".lock'" in err:
            return False
        raise RepositoryFailure(
            f"git update-ref failed in {self.folders.root}: {_words(err)}; mend it, run again"
        )

    def descends(self, ancestor: str, commit: str) -> bool:
        """Whether `ancestor` is `commit` or one of its ancestors."""
        status, _, err = self.attempt("merge-base", "--is-ancestor", checked_id(ancestor), checked_id(commit))
        if status in (0, 1):
            return status == 0
        raise RepositoryFailure(f"git merge-base failed in {self.folders.root}: {_words(err)}")

    def close(self) -> None:
        """End the persistent processes."""
        self._git.clear_cache()

    def _opened(self) -> git.Git:
        opened = git.Git(str(self.folders.root))
        opened.update_environment(**environment(self.folders.git_dir, self.folders.common_dir))
        return opened

    def _here(self) -> git.Git:
        # A forked child must not talk into its parent's pipes.
        if self._process != os.getpid():
            self._process, self._git = os.getpid(), self._opened()
        return self._git

    def _start(self, arguments: Sequence[str]) -> git.Git.AutoInterrupt:
        try:
            return self._here().execute(["git", *arguments], istream=subprocess.PIPE, as_process=True)
        except (git.GitCommandNotFound, OSError) as failed:
            raise RepositoryFailure(f"git cannot be started: {failed}; install git 2.34 or later") from failed

    def _of_kind(self, kind: str, identity: str) -> bytes:
        found = self.read(identity)
        if found.kind != kind:
            raise Untrusted(f"object {identity} is a {found.kind}, not a {kind}: find out who wrote it")
        return found.content

    def _read(self, identity: str) -> Object:
        with self._lock:
            healthy = False
            try:
                found, said, size, content = self._here().get_object_data(identity)
                kind = _text(said)
                healthy = _text(found) == identity and len(content) == size
            except (ValueError, OSError) as missing:
                raise RepositoryFailure(
                    f"object {identity} cannot be read in {self.folders.root}: {self._way_back()}"
                ) from missing
            finally:
                self._reset_unless(healthy)
        if not healthy or objects.object_id(kind, content) != identity:
            raise Untrusted(f"object {identity} does not hold what its name says: restore it from a clone")
        return Object(kind, content)

    def _way_back(self) -> str:
        if (self.folders.common_dir / "shallow").is_file():
            return f"this clone is shallow, so run `git fetch --unshallow origin {' '.join(EVERYTHING)}`"
        return "run `git fsck`, and fetch it again from a clone"

    def _reset_unless(self, healthy: bool) -> None:
        # After an interrupted question the next answer would belong to the last one: start a new
        # conversation.
        if not healthy:
            self._git.clear_cache()


def checked_ref(name: str) -> str:
    """`name` itself; raises Misuse when it is not a plain full reference name."""
    bad = not _REF.fullmatch(name) or len(name) > 200 or ".." in name
    if bad or any(part.endswith((".lock", ".")) for part in name.split("/")):
        raise Misuse(f"{name[:80]!r} is no reference name: use refs/… with letters, digits, '-', '_' and '.'")
    return name


def checked_id(identity: str) -> str:
    """`identity` itself; raises Misuse when it is not 40 hexadecimal digits."""
    if not _HEX.fullmatch(identity):
        raise Misuse(f"{identity[:80]!r} is no commit id: give all 40 hexadecimal digits")
    return identity


def _text(answer: object) -> str:
    # GitPython declares text here and answers bytes.
    return answer.decode("ascii", "replace") if isinstance(answer, bytes) else str(answer)


def _words(err: bytes) -> str:
    return " ".join(err.decode("utf-8", "replace").split()) or "git said nothing"
