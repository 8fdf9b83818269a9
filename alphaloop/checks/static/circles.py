"""Who reaches itself in a graph of references, told in one pass: a hostile file has a thousand functions."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

_N = TypeVar("_N")


def in_circles(references: Mapping[_N, set[_N]]) -> set[_N]:
    """The nodes from which a path of at least one step leads back to them, in time linear in the edges.

    Tarjan (1972), "Depth-first search and linear graph algorithms", with a list in place of its recursion.
    """
    walk = _Walk(references)
    for node in references:
        if node not in walk.number:
            walk.through(node)
    return walk.found


class _Walk(Generic[_N]):
    """number: of each node in the order of discovery; low: the earliest open one that it reaches."""

    def __init__(self, references: Mapping[_N, set[_N]]) -> None:
        self.found: set[_N] = set()
        self.number: dict[_N, int] = {}
        self._references = references
        self._low: dict[_N, int] = {}
        self._open: list[_N] = []
        self._is_open: set[_N] = set()

    def through(self, root: _N) -> None:
        """Visit all that `root` reaches and nobody has visited."""
        path = [(root, self._enter(root))]
        while path:
            node, ahead = path[-1]
            fresh = next((one for one in ahead if not self._known(node, one)), None)
            if fresh is not None:
                path.append((fresh, self._enter(fresh)))
                continue
            path.pop()
            if path:
                before = path[-1][0]
                self._low[before] = min(self._low[before], self._low[node])
            if self._low[node] == self.number[node]:
                self._close(node)

    def _enter(self, node: _N) -> Iterator[_N]:
        self.number[node] = self._low[node] = len(self.number)
        self._open.append(node)
        self._is_open.add(node)
        return iter(self._references.get(node, ()))

    def _known(self, node: _N, other: _N) -> bool:
        """Whether the other end of an edge was visited; if it is open still, `node` reaches back to it."""
        if other in self._is_open:
            self._low[node] = min(self._low[node], self.number[other])
        return other in self.number

    def _close(self, first: _N) -> None:
        """All that is open since `first` reaches each other."""
        together = {self._open.pop()}
        while first not in together:
            together.add(self._open.pop())
        self._is_open.difference_update(together)
        if len(together) > 1 or first in self._references.get(first, ()):
            self.found.update(together)
