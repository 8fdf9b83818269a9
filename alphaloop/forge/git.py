"""The one door to git: every git process of the program starts here.

Reading goes through one persistent `git cat-file`, and every object is hashed again, because git itself does
not compare a loose object with its name.  Writing is one `git unpack-objects` for all objects of
a step and one `git update-ref --stdin` for all references.
"""

import re
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import git

from alphaloop.errors import BadConfiguration, Misuse, RepositoryFailure, Untrusted
from alphaloop.forge import commits, objects
from alphaloop.forge.cat_file import CONTENTS, INFO, Answer, CatFile
from alphaloop.forge.commits import Commit
from alphaloop.forge.environment import environment
from alphaloop.forge.folders import Folders, folders_of
from alphaloop.forge.objects import Node, Nodes, Object

NOTHING = "0" * 40
EVERYTHING = ("'refs/alphaloop/*:refs/alphaloop/*'", "'refs/heads/alphaloop/*:refs/heads/alphaloop/*'")
"""What a plain clone leaves behind, as `git fetch origin` is asked for it."""
_SECONDS = 120
_REMEMBERED = 20_000
_HEX = re.compile(r"[0-9a-f]{40}")
# Whoever holds a lock gives it back, or has just done so; on a full disk waiting for it makes no room.
_HELD = re.compile(rb"\.lock': (File exists|No such file or directory)")
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
        self._git = self._opened()
        self._cat_file = CatFile(lambda options: self._start(("cat-file", *options)))
        self._known: dict[str, Object] = {}

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
        try:
            (found,) = self._asked([checked_ref(name)], INFO)
        except (OSError, ValueError, EOFError) as wrong:
            raise RepositoryFailure(
                f"{name} cannot be read in {self.folders.root}: run `git fsck`, then run again"
            ) from wrong
        if found is not None and found.kind != "commit":
            raise Untrusted(f"{name} points at a {found.kind}, not at a commit: find out who moved it")
        return found and found.id

    def refs(self, prefix: str) -> dict[str, str]:
        """Every reference below `prefix`: name → object id; a pusher picks any name that git takes."""
        listing = self.run("for-each-ref", "--format=%(objectname) %(refname)", checked_ref(prefix))
        # Git ends a line with a newline alone, and lets a name hold any other byte above the blank.
        lines = listing.decode("utf-8", "surrogateescape").split("\n")
        pairs = (line.split(" ", 1) for line in lines if line)
        return {name: identity for identity, name in pairs}

    def read(self, identity: str) -> Object:
        """An object by its id, hashed again; raises Untrusted when its bytes are not those of its name."""
        known = self._known.get(checked_id(identity))
        return known if known is not None else self._read(identity)

    def look_ahead(self, identities: Iterable[str]) -> None:
        """Read many objects at once, so that `read` need not ask for each.

        Each is hashed as ever; what is missing or damaged is left to whoever reads it to say so.
        """
        wanted = [identity for identity in dict.fromkeys(identities) if identity not in self._known]
        try:
            found = self._asked(wanted)
        except (OSError, ValueError, EOFError):
            return
        for identity, answer in zip(wanted, found, strict=True):
            if answer is not None and _is_whole(answer, identity):
                self._remember(answer)

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
        if moved or _HELD.search(err):
            return False
        raise RepositoryFailure(
            f"git update-ref failed in {self.folders.root}: {_words(err)}; free the disk or what else keeps "
            "git from writing, run again"
        )

    def since(self, base: str, head: str) -> list[str]:
        """The commits of `head` that `base` does not have, oldest first."""
        if self.commit(head).parents == (base,):
            return [head]
        without = f"^{checked_id(base)}"
        return self.run("rev-list", "--topo-order", "--reverse", head, without).decode().split()

    def descends(self, ancestor: str, commit: str) -> bool:
        """Whether `ancestor` is `commit` or one of its ancestors."""
        if ancestor in (commit, *self.commit(commit).parents):
            return True
        status, _, err = self.attempt("merge-base", "--is-ancestor", checked_id(ancestor), checked_id(commit))
        if status in (0, 1):
            return status == 0
        raise RepositoryFailure(f"git merge-base failed in {self.folders.root}: {_words(err)}")

    def close(self) -> None:
        """End the persistent process."""
        with self._lock:
            self._cat_file.close()

    def _opened(self) -> git.Git:
        opened = git.Git(str(self.folders.root))
        opened.update_environment(**environment(self.folders.git_dir, self.folders.common_dir))
        return opened

    def _start(self, arguments: Sequence[str]) -> git.Git.AutoInterrupt:
        try:
            return self._git.execute(["git", *arguments], istream=subprocess.PIPE, as_process=True)
        except (git.GitCommandNotFound, OSError) as failed:
            raise RepositoryFailure(f"git cannot be started: {failed}; install git 2.34 or later") from failed

    def _of_kind(self, kind: str, identity: str) -> bytes:
        found = self.read(identity)
        if found.kind != kind:
            raise Untrusted(f"object {identity} is a {found.kind}, not a {kind}: find out who wrote it")
        return found.content

    def _read(self, identity: str) -> Object:
        try:
            (found,) = self._asked([identity])
        except (OSError, ValueError, EOFError) as wrong:
            raise self._unreadable(identity) from wrong
        if found is None:
            raise self._unreadable(identity)
        if not _is_whole(found, identity):
            raise Untrusted(f"object {identity} does not hold what its name says: restore it from a clone")
        return self._remember(found)

    def _asked(self, names: Sequence[str], what: str = CONTENTS) -> list[Answer | None]:
        with self._lock:
            return self._cat_file.ask(names, what)

    def _remember(self, answer: Answer) -> Object:
        known = Object(answer.kind, answer.content)
        with self._lock:
            while len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[answer.id] = known
        return known

    def _unreadable(self, identity: str) -> RepositoryFailure:
        return RepositoryFailure(
            f"object {identity} cannot be read in {self.folders.root}: {self._way_back()}"
        )

    def _way_back(self) -> str:
        if (self.folders.common_dir / "shallow").is_file():
            return f"this clone is shallow, so run `git fetch --unshallow origin {' '.join(EVERYTHING)}`"
        return "run `git fsck`, and fetch it again from a clone"


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


def _is_whole(answer: Answer, identity: str) -> bool:
    return answer.id == identity == objects.object_id(answer.kind, answer.content)


def _words(err: bytes) -> str:
    return " ".join(err.decode("utf-8", "replace").split()) or "git said nothing"
