"""Functions inside functions compute; what they capture they only read."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import FUNCTIONS, Program
from alphaloop.checks.static.vocabulary import MUTATING
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """Inner functions that change what lies around them."""
    for node in program.nodes:
        name = _changed(node)
        if name is not None and _captured(program, name):
            seen = f"an inner function changes {name.id!r} of the function around it; pass it and return it"
            yield program.veto("closures", node, seen)


def _changed(node: ast.AST) -> ast.Name | None:
    """The name at the root of what a node changes, if it changes anything."""
    target: ast.AST | None = None
    if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        target = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
        target = node.func.value
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target if isinstance(target, ast.Name) else None


def _captured(program: Program, name: ast.Name) -> bool:
    binder, around = program.binder(name), program.function_of(name)
    if binder is None or around is None or not isinstance(binder.node, FUNCTIONS):
        return False
    return binder.node is not around
