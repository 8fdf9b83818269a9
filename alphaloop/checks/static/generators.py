"""Generators: a helper may yield to whoever loops over it at once; a generator that is kept remembers."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, Scope, once
from alphaloop.checks.static.vocabulary import CALLBACKS
from alphaloop.facts.finding import Finding

_EAGER = {"list", "tuple", "sum", "min", "max", "sorted", "any", "all", "set", "dict", "frozenset", "next"}
_EAGER_ORIGINS = ("math.", "statistics.", "numpy.", "functools.reduce", "heapq.nlargest", "heapq.nsmallest")
_LAZY = {"map", "zip", "filter", "enumerate"}


def findings(program: Program) -> Iterator[Finding]:
    """Yields that receive, callbacks that yield, and generators that outlive their statement."""
    makers = {
        function
        for node in program.walk(ast.Yield, ast.YieldFrom)
        if isinstance(function := program.function_of(node), ast.FunctionDef)
    }
    for node in program.walk(ast.Yield, ast.YieldFrom):
        if not isinstance(program.parents[node], ast.Expr) or program.function_of(node) not in makers:
            yield program.veto(
                "generators", node, "a yield that receives a value; write `yield x` on its own"
            )
    for maker in makers:
        if maker.name in {*CALLBACKS, "__init__", "__post_init__", "__call__"}:
            yield program.veto("generators", maker, f"{maker.name} yields; build and return a list")
    names = {maker.name for maker in makers}
    for node in program.nodes:
        kept = isinstance(node, ast.Assign) and _is_kept_lazy(program, node)
        if kept or (_mentions(program, node, names) and not _is_looped_over(program, node)):
            seen = (
                "a generator that is kept remembers out of sight; loop over it where it is made, or list(…)"
            )
            yield program.veto("generators", node, seen)


def _mentions(program: Program, node: ast.AST, names: set[str]) -> bool:
    """Whether a node names a function that yields."""
    if isinstance(node, ast.Name):
        return node.id in names and isinstance(node.ctx, ast.Load) and program.binder(node) is not None
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in names


def _is_kept_lazy(program: Program, node: ast.Assign) -> bool:
    """Whether an attribute or an element is given something that is consumed only later, once."""
    if not any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets):
        return False
    value: ast.expr | None = node.value
    scope = program.binder(value) if isinstance(value, ast.Name) else None
    if scope is not None and isinstance(value, ast.Name):
        value = _given_first(program, scope, value.id)
    if isinstance(value, ast.Call):
        lazy = program.origin(value.func).startswith("itertools.")
        return lazy or _has_name(program, value, {*_LAZY, "reversed"})
    return isinstance(value, ast.GeneratorExp)


@once
def _given_first(program: Program, scope: Scope, name: str) -> ast.expr | None:
    """What an assignment gives a name first."""
    around = [program.parents.get(one) for one in scope.bound[name]]
    return next((one.value for one in around if isinstance(one, ast.Assign)), None)


def _is_looped_over(program: Program, node: ast.AST) -> bool:
    parent = program.parents[node]
    if not isinstance(parent, ast.Call) or parent.func is not node:
        return False
    made: ast.AST = parent
    while True:
        around = program.parents[made]
        if isinstance(around, (ast.For, ast.comprehension)):
            return around.iter is made
        if isinstance(around, (ast.YieldFrom, ast.Starred)):
            return True
        if not isinstance(around, ast.Call) or made not in around.args:
            return False
        if _is_eager(program, around):
            return True
        lazy = _has_name(program, around, _LAZY) or program.origin(around.func).startswith("itertools.")
        if not lazy:
            return False
        made = around


def _is_eager(program: Program, call: ast.Call) -> bool:
    """Whether a call uses up what it is given before it answers."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("extend", "extendleft", "update"):
        return True
    return _has_name(program, call, _EAGER) or program.origin(call.func).startswith(_EAGER_ORIGINS)


def _has_name(program: Program, call: ast.Call, names: set[str]) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in names and program.binder(call.func) is None
