"""A `Repository` whose objects and references are dictionaries, so that ten thousand races take a minute.

Everything above git is the real thing.  Other writers are let in between any two looks at a reference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.forge import local
from alphaloop.forge.cat_file import Answer
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.local import LocalForge
from alphaloop.forge.objects import Object


class Store:
    """What a folder `.git` holds, and what happens at each look at its references."""

    def __init__(self, objects: Mapping[str, Answer], refs: Mapping[str, str]) -> None:
        self.objects = dict(objects)
        self.refs = dict(refs)
        self.looks = 0
        self.meanwhile: dict[int, Callable[[], object]] = {}

    def looked(self) -> None:
        """One more look; who waits for it does what he came for."""
        self.looks += 1
        waiting = self.meanwhile.pop(self.looks, None)
        if waiting is not None:
            waiting()


class InMemory(Repository):
    """A bare repository over a store; `seen` tells whether its looks are counted."""

    def __init__(self, store: Store, real: Repository, private: Path, counted: bool) -> None:
        super().__init__(real.folders.root)
        self.folders = replace(real.folders, private=private, bare=True)
        self._store = store
        self._counted = counted

    def ref(self, name: str) -> str | None:
        """A reference as it is, after whoever came first."""
        if self._counted:
            self._store.looked()
        return super().ref(name)

    def refs(self, prefix: str) -> dict[str, str]:
        """Every reference below a prefix."""
        return {name: at for name, at in self._store.refs.items() if name.startswith(f"{prefix}/")}

    def write(self, things: Sequence[Object]) -> None:
        """Store objects."""
        self._store.objects |= {thing.id: Answer(thing.id, thing.kind, thing.content) for thing in things}

    def move(self, moves: Sequence[Move], verified: Mapping[str, str] | None = None) -> bool:
        """Compare and swap."""
        if self._counted:
            self._store.looked()
        expected = {**(verified or {}), **{move.ref: move.old for move in moves}}
        if any(self._store.refs.get(name, NOTHING) != identity for name, identity in expected.items()):
            return False
        self._store.refs |= {move.ref: move.new for move in moves}
        return True

    def attempt(self, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """The few questions that are not about one object."""
        match arguments:
            case ("merge-base", "--is-ancestor", ancestor, commit):
                return int(ancestor not in self._line(commit)), b"", b""
            case ("rev-list", "--topo-order", "--reverse", head, base):
                old = set(self._line(base.removeprefix("^")))
                new = [commit for commit in self._line(head) if commit not in old]
                return 0, "\n".join(new[::-1]).encode(), b""
            case ("worktree", "list", "--porcelain"):
                return 0, b"worktree /nowhere\nbare\n", b""
        return 1, b"", b"only a hint was asked for"

    def _asked(self, names: Sequence[str], what: str = "") -> list[Answer | None]:
        return [self._store.objects.get(self._store.refs.get(name, name)) for name in names]

    def _line(self, commit: str) -> list[str]:
        """A commit and its ancestors, children first as far as histories here need it."""
        found: dict[str, None] = {}
        waiting = [commit]
        while waiting:
            current = waiting.pop(0)
            if current not in found:
                found[current] = None
                waiting += self.commit(current).parents
        return list(found)


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., LocalForge]:
    """The local forge over a store; `real` lends its keys."""
    private = tmp_path / "private"
    private.mkdir()

    def forge(real: LocalForge, store: Store, counted: bool = False) -> LocalForge:
        (private / "keys").exists() or (private / "keys").symlink_to(real.keys.folder)
        for mark in private.glob("high-water*"):
            mark.unlink()
        monkeypatch.setattr(local, "Repository", lambda folder: InMemory(store, real.git, private, counted))
        return local.LocalForge(real.git.folders.root)

    return forge


@pytest.fixture
def taken() -> Callable[[LocalForge], Store]:
    """All that a desk's repository holds, as a store."""

    def take(real: LocalForge) -> Store:
        listing = real.git.run("cat-file", "--batch-check", "--batch-all-objects").decode()
        things = {line.split()[0]: real.git.read(line.split()[0]) for line in listing.splitlines()}
        objects = {
            identity: Answer(identity, thing.kind, thing.content) for identity, thing in things.items()
        }
        return Store(objects, real.git.refs("refs/heads") | real.git.refs("refs/alphaloop"))

    return take
