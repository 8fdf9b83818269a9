"""Files that are two for git and one for some file systems: names that differ in case only."""

from collections.abc import Callable, Iterable, Iterator

from alphaloop.forge.objects import TREE, Nodes


def twins(read: Callable[[str], Nodes], root: str, paths: Iterable[str]) -> tuple[str, ...]:
    """What stands in the tree `root` beside a part of one of `paths` and differs from it in case only.

    A path that is not in the tree has no twin there: it was deleted.
    """
    return tuple(sorted({twin for path in paths for twin in _beside(read, root, path)}))


def _beside(read: Callable[[str], Nodes], root: str, path: str) -> Iterator[str]:
    nodes, above = read(root), ""
    found: list[str] = []
    for part in path.split("/"):
        found += [above + name for name in nodes if name != part and name.casefold() == part.casefold()]
        node = nodes.get(part)
        if node is None:
            return
        nodes, above = (read(node.id) if node.mode == TREE else {}), f"{above}{part}/"
    yield from found
