"""Annotations are evaluated, so they hold names, subscripts and literals, and nothing that runs."""

import ast
from collections.abc import Iterator

from alphaloop.checks.source import parsed
from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

_PLAIN = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.BinOp,
    ast.BitOr,
    ast.Load,
)


def findings(program: Program) -> Iterator[Finding]:
    """Annotations that compute."""
    for node in program.nodes:
        for annotation in _annotations(node):
            bad = next((part for part in _parts(annotation) if not isinstance(part, _PLAIN)), None)
            if bad is not None:
                seen = f"an annotation with {type(bad).__name__}; write a plain type such as list[float]"
                yield program.veto("annotations", annotation, seen)


def _annotations(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
            yield annotation
        case ast.FunctionDef(returns=ast.expr() as annotation):
            yield annotation
        case _:
            pass


def _parts(annotation: ast.expr) -> Iterator[ast.AST]:
    for part in ast.walk(annotation):
        yield part
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            try:
                quoted = ast.walk(parsed(part.value.strip()))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            # A quoted annotation is text until a library evaluates it: it obeys the same rule.
            yield from (inner for inner in quoted if not isinstance(inner, (ast.Module, ast.Expr)))
