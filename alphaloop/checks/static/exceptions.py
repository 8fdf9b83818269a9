"""Errors: named arithmetic and look-up errors may be caught; nothing swallows the rest."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import EXCEPTIONS
from alphaloop.facts.finding import Finding

_LIBRARY = {"statistics.StatisticsError", "numpy.linalg.LinAlgError"}


def findings(program: Program) -> Iterator[Finding]:
    """Handlers that are too broad, and raised things that are no listed error."""
    for node in program.nodes:
        if isinstance(node, ast.ExceptHandler):
            yield from _handler(program, node)
        elif isinstance(node, ast.Raise):
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if raised is not None and not _listed(program, raised) and not _caught(program, raised):
                yield program.veto(
                    "exceptions", node, "what is raised is not a listed error; raise ValueError(...)"
                )
        elif isinstance(node, ast.Try):
            yield from _finally(program, node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _read(program, node)


def _handler(program: Program, node: ast.ExceptHandler) -> Iterator[Finding]:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    for kind in kinds:
        if kind is None or not _listed(program, kind):
            seen = "a handler that is too broad; name the error, as in except (ValueError, ZeroDivisionError)"
            yield program.veto("exceptions", node, seen)


def _finally(program: Program, node: ast.Try) -> Iterator[Finding]:
    for item in node.finalbody:
        for part in ast.walk(item):
            if isinstance(part, (ast.Return, ast.Break, ast.Continue)):
                yield program.veto(
                    "exceptions", part, "leaving from finally swallows every error; leave after it"
                )


def _read(program: Program, node: ast.Name) -> Iterator[Finding]:
    """An error's words may name a place in memory, which differs from run to run: raise it, or drop it."""
    if not _caught(program, node):
        return
    around = program.parents[node]
    while isinstance(around, (ast.expr, ast.keyword)):
        around = program.parents[around]
    if not isinstance(around, ast.Raise):
        seen = "an error is read as a value; raise it, as in raise ValueError(...) from error, or drop it"
        yield program.veto("exceptions", node, seen)


def _listed(program: Program, node: ast.expr) -> bool:
    return any(program.is_builtin(node, name) for name in EXCEPTIONS) or program.origin(node) in _LIBRARY


def _caught(program: Program, node: ast.expr) -> bool:
    scope = program.binder(node) if isinstance(node, ast.Name) else None
    nodes = scope.bound[node.id] if scope is not None and isinstance(node, ast.Name) else []
    return bool(nodes) and all(isinstance(found, ast.ExceptHandler) for found in nodes)
