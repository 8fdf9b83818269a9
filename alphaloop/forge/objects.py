"""Git's objects as bytes: identity, trees, and a pack that carries new objects into the store in one go."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from alphaloop.errors import Misuse, Untrusted

REGULAR = "100644"
TREE = "040000"
DELETED = "000000"
MOST_NODES, DEEPEST = 20_000, 40
"""What two trees may differ in, files and folders alike, and how deep."""
_TYPES = {"commit": 1, "tree": 2, "blob": 3}


class Object(NamedTuple):
    """A git object that may not be written yet: kind is commit, tree or blob."""

    kind: str
    content: bytes

    @property
    def id(self) -> str:
        """Its 40-digit id."""
        return object_id(self.kind, self.content)


class Node(NamedTuple):
    """One line of a tree: a six-digit mode and a 40-digit id."""

    mode: str
    id: str


Nodes = Mapping[str, Node]


def object_id(kind: str, content: bytes) -> str:
    """The id that git gives to these bytes.  SHA-1, as every git repository of 40 digits uses."""
    digest = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(content)), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def tree(nodes: Nodes) -> Object:
    """The tree object of these nodes, in git's own order."""
    lines = []
    for name in sorted(nodes, key=lambda name: _sort_key(name, nodes[name].mode)):
        mode, identity = nodes[name]
        path = name.encode("utf-8", "surrogateescape")
        lines.append(mode.lstrip("0").encode() + b" " + path + b"\0" + bytes.fromhex(identity))
    return Object("tree", b"".join(lines))


def nodes_of(content: bytes) -> dict[str, Node]:
    """The nodes of a tree object; raises Untrusted when the bytes are no tree."""
    nodes: dict[str, Node] = {}
    place = 0
    while place < len(content):
        blank, end = content.find(b" ", place), content.find(b"\0", place)
        if not place < blank < end or end + 21 > len(content):
            raise Untrusted("a git tree is malformed: run `git fsck` and restore the repository from a clone")
        name = content[blank + 1 : end].decode("utf-8", "surrogateescape")
        mode = content[place:blank].decode("ascii", "replace").zfill(6)
        if name in nodes:
            raise Untrusted(f"a git tree lists {name!r} twice: find out who wrote it")
        nodes[name] = Node(mode, content[end + 1 : end + 21].hex())
        place = end + 21
    return nodes


def graft(
    read: Callable[[str], Nodes], root: str | None, changes: Mapping[str, Node | None]
) -> tuple[str, list[Object]]:
    """The tree `root` (or an empty one) with `changes` (path → node, None removes), and the new trees."""
    nodes = dict(read(root)) if root else {}
    below: dict[str, dict[str, Node | None]] = {}
    for path, node in changes.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = node
        elif node is None:
            nodes.pop(name, None)
        else:
            nodes[name] = node
    objects: list[Object] = []
    for name, inner in below.items():
        objects += _graft_below(read, nodes, name, inner)
    new = tree(nodes)
    return new.id, [*objects, new]


def flat(read: Callable[[str], Nodes], root: str, prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Every path below `root` that is not a tree, with its node."""
    for name, node in read(root).items():
        if node.mode == TREE:
            yield from flat(read, node.id, f"{prefix}{name}/")
        else:
            yield prefix + name, node


def difference(read: Callable[[str], Nodes], old: str | None, new: str | None) -> Iterator[tuple[str, str]]:
    """Every path that differs between two trees, with its mode in the new one (000000 where it is gone).

    Raises Untrusted for trees that no person could look through: a few small objects can name each other so
    often that they stand for more paths than anybody has time for.
    """
    yield from _difference(read, old, new, "", iter(range(MOST_NODES)))


def _difference(
    read: Callable[[str], Nodes], old: str | None, new: str | None, prefix: str, left: Iterator[int]
) -> Iterator[tuple[str, str]]:
    if old == new:
        return
    before, after = (read(old) if old else {}), (read(new) if new else {})
    for name in sorted({*before, *after}):
        was, becomes = before.get(name), after.get(name)
        if was == becomes:
            continue
        if next(left, None) is None or prefix.count("/") >= DEEPEST:
            raise Untrusted(
                f"two trees differ in more than {MOST_NODES} files and folders, or deeper than {DEEPEST} "
                "folders: change less at once"
            )
        if _is_tree(was) or _is_tree(becomes):
            yield from _difference(read, _tree_id(was), _tree_id(becomes), f"{prefix}{name}/", left)
        if (was and not _is_tree(was)) or (becomes and not _is_tree(becomes)):
            gone = becomes is None or _is_tree(becomes)
            yield prefix + name, DELETED if gone or becomes is None else becomes.mode


def checked_path(path: str) -> str:
    """`path` itself; raises Misuse when git or a file system would not take it as a plain relative path."""
    parts = path.split("/")
    forbidden = any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    if forbidden or not path.isprintable() or "\\" in path:
        raise Misuse(
            f"{path!r} is no path inside the repository: use a relative path such as tests/test_x.py"
        )
    return path


def pack(objects: Sequence[Object]) -> bytes:
    """A pack of whole objects (Documentation/gitformat-pack.txt), for `git unpack-objects`."""
    body = struct.pack(">4sII", b"PACK", 2, len(objects))
    body += b"".join(_packed(thing) for thing in objects)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def unique(objects: Iterable[Object]) -> list[Object]:
    """The objects without repetition, in order."""
    return list({thing.id: thing for thing in objects}.values())


def _graft_below(
    read: Callable[[str], Nodes], nodes: dict[str, Node], name: str, inner: Mapping[str, Node | None]
) -> list[Object]:
    standing = nodes.get(name)
    root, objects = graft(read, _tree_id(standing), inner)
    if objects[-1].content:
        nodes[name] = Node(TREE, root)
        return objects
    nodes.pop(name, None)
    return objects[:-1]


def _is_tree(node: Node | None) -> bool:
    return node is not None and node.mode == TREE


def _tree_id(node: Node | None) -> str | None:
    return node.id if node is not None and node.mode == TREE else None


def _sort_key(name: str, mode: str) -> bytes:
    encoded = name.encode("utf-8", "surrogateescape")
    return encoded + b"/" if mode == TREE else encoded


def _packed(thing: Object) -> bytes:
    size = len(thing.content)
    first, size = _TYPES[thing.kind] << 4 | size & 15, size >> 4
    header = bytearray()
    while size:
        header.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    header.append(first)
    return bytes(header) + zlib.compress(thing.content, 1)
