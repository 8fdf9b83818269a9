"""What a statement keeps reachable: blobs and trees as they are, commits as raw bytes beside their tree.

Git throws away what no reference reaches.  A head that was force-pushed away stays here, so that what was
judged can be judged again.
"""

from collections.abc import Iterator, Mapping

from alphaloop.errors import Misuse, Untrusted
from alphaloop.forge import commits, objects
from alphaloop.forge.git import Repository
from alphaloop.forge.objects import Node, Nodes, Object

FOLDER = "keeps"


def planted(git: Repository, keeps: Mapping[str, Object | str]) -> tuple[Node, list[Object]]:
    """The tree that keeps these objects (name → id or an object not yet written), and what is new in it."""
    nodes: dict[str, Node] = {}
    fresh: list[Object] = []
    for name, kept in keeps.items():
        if "/" in objects.checked_path(name):
            raise Misuse(f"an entry keeps {name!r}: use a name without a slash")
        thing = git.read(kept) if isinstance(kept, str) else kept
        nodes[name], new = _node(thing)
        fresh += new
    folder = objects.tree(nodes)
    return Node(objects.TREE, folder.id), [*fresh, folder]


def check(git: Repository, node: Node | None, keeps: Mapping[str, str], where: str) -> None:
    """Raise Untrusted unless the tree at `node` keeps exactly `keeps`."""
    nodes = git.nodes(node.id) if node else {}
    if set(nodes) != set(keeps):
        raise Untrusted(f"{where} keeps other objects than it says: find out who wrote it")
    for name, identity in keeps.items():
        if nodes[name].id != identity and _commit_id(git, nodes[name]) != identity:
            raise Untrusted(f"{where} keeps another {name} than it says: find out who wrote it")


def kept_commits(git: Repository, nodes: Nodes) -> Iterator[Object]:
    """The commits that a statement's tree keeps, for putting back what garbage collection took."""
    folder = nodes.get(FOLDER)
    for node in (git.nodes(folder.id) if folder else {}).values():
        if _commit_id(git, node):
            yield Object("commit", git.blob(git.nodes(node.id)["commit"].id))


def _node(thing: Object) -> tuple[Node, list[Object]]:
    if thing.kind != "commit":
        return Node(objects.TREE if thing.kind == "tree" else objects.REGULAR, thing.id), []
    raw = Object("blob", thing.content)
    tree = commits.parsed(thing.content).tree
    pair = objects.tree({"commit": Node(objects.REGULAR, raw.id), "tree": Node(objects.TREE, tree)})
    return Node(objects.TREE, pair.id), [raw, pair]


def _commit_id(git: Repository, node: Node) -> str:
    nodes = git.nodes(node.id) if node.mode == objects.TREE else {}
    if set(nodes) != {"commit", "tree"} or nodes["commit"].mode != objects.REGULAR:
        return ""
    raw = git.blob(nodes["commit"].id)
    return objects.object_id("commit", raw) if commits.parsed(raw).tree == nodes["tree"].id else ""
