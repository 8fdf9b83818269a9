"""The numbers that a file holds, so that its own thresholds can be fed back to it."""

import ast
import math
from collections.abc import Callable, Iterator

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.program import Program

MOST = 400
"""Numbers of one file that a search is told; the static rules allow fewer in tables."""


def standing(program: Program) -> Iterator[tuple[ast.AST, float]]:
    """The literals that are finite, and what is computed of them, with where they stand, in order.

    True and False are no numbers.  Those of BOUNDS are read by a search, and count only when the file reads
    them too.
    """
    names = [node for node in program.nodes if isinstance(node, ast.Name) and node.id == "BOUNDS"]
    unread = not any(isinstance(name.ctx, ast.Load) for name in names)
    bounds = [program.parents[name] for name in names] if unread else []
    for node in program.nodes:
        if isinstance(node, ast.Constant | ast.BinOp) and not _is_truth(node):
            value = number(program, node)
            known = value is not None and math.isfinite(value)
            if known and not (bounds and within(program, node, lambda around: around in bounds)):
                yield node, value or 0.0


def numbers_of(program: Program) -> tuple[float, ...]:
    """At most MOST numbers of a file, sorted, each once; with a minus too where one stands before them."""
    found: dict[float, None] = {}
    for node, value in standing(program):
        parent = program.parents[node]
        found[value] = None
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub):
            found[-value] = None
    return tuple(sorted([*found][:MOST]))


def within(program: Program, node: ast.AST, asked: Callable[[ast.AST], bool]) -> bool:
    """Whether a node or something around it is what is asked for."""
    around: ast.AST | None = node
    while around is not None and not asked(around):
        around = program.parents.get(around)
    return around is not None


def _is_truth(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)
