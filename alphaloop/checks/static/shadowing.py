"""A name means one thing: builtins, imports, constants and functions are bound once and never hidden."""

import ast
import builtins
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, Scope, is_setter
from alphaloop.checks.static.vocabulary import BUILTINS
from alphaloop.facts.finding import Finding

# What `site` or an interactive session adds is no builtin of the language.
_ALL_BUILTINS = frozenset(dir(builtins)) - {"_", "copyright", "credits", "exit", "license", "quit"}


def findings(program: Program) -> Iterator[Finding]:
    """Bindings that hide or replace what a reader takes for granted."""
    for scope in dict.fromkeys((program.module, *program.scopes.values())):
        for name, bound in scope.bound.items():
            nodes = [node for node in bound if not is_setter(node)] or bound
            yield from _hidden(program, scope, name, nodes[0])
            if len(nodes) > 1 and (
                _must_be_single(scope, nodes) or program.first_parameter(scope.node) == name
            ):
                seen = f"{name!r} is bound twice; bind it once, at line {nodes[0].lineno}"  # type: ignore[attr-defined]
                yield program.veto("shadowing", nodes[1], seen)


def _hidden(program: Program, scope: Scope, name: str, node: ast.AST) -> Iterator[Finding]:
    if isinstance(scope.node, ast.ClassDef):
        # An attribute hides nothing from methods: `self.open` of a bar is honest.
        if name in BUILTINS and isinstance(node, ast.Name) and not _annotated(program, node):
            yield program.veto("shadowing", node, f"{name!r} is a builtin; choose another name")
        return
    if name in _ALL_BUILTINS:
        yield program.veto("shadowing", node, f"{name!r} is a builtin; choose another name")
    elif scope is not program.module and name in program.module.bound and _constant(program, name):
        seen = f"{name!r} hides the module's own {name!r}; choose another name for the local one"
        yield program.veto("shadowing", node, seen)


def _constant(program: Program, name: str) -> bool:
    return name not in program.functions or name in program.imports


def _annotated(program: Program, node: ast.AST) -> bool:
    return isinstance(program.parents[node], ast.AnnAssign)


def _must_be_single(scope: Scope, nodes: list[ast.AST]) -> bool:
    if isinstance(scope.node, (ast.Module, ast.ClassDef)):
        return True
    return any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.alias)) for node in nodes)
