"""The module holds imports, constants, classes and functions: nothing runs, nothing lives there."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.constants import is_table
from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """Statements that do something at module level."""
    for item in program.tree.body:
        match item:
            case ast.Import() | ast.ImportFrom() | ast.ClassDef() | ast.FunctionDef():
                pass
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if _binds_names(item):
                yield from _constant(program, item, value)
            case _:
                kind = type(item).__name__
                seen = f"{kind} at module level; a module holds imports, constants, classes and functions"
                yield program.veto("toplevel", item, seen)


def _binds_names(item: ast.Assign | ast.AnnAssign) -> bool:
    targets = item.targets if isinstance(item, ast.Assign) else [item.target]
    return all(isinstance(target, (ast.Name, ast.Tuple)) for target in targets)


def _constant(program: Program, item: ast.stmt, value: ast.expr | None) -> Iterator[Finding]:
    if value is not None and not is_table(program, value) and not _is_alias(program, value):
        seen = "a module-level value that is computed or can change; write a literal, or keep it on self"
        yield program.veto("toplevel", item, seen)


def _is_alias(program: Program, value: ast.expr) -> bool:
    """A type alias such as Prices = deque[float]."""
    parts = [part for part in ast.walk(value) if not isinstance(part, (ast.Load, ast.BitOr))]
    named = isinstance(value, (ast.Subscript, ast.BinOp)) and any(
        isinstance(part, ast.Subscript) for part in parts
    )
    return named and all(_is_type_part(program, part) for part in parts)


def _is_type_part(program: Program, part: ast.AST) -> bool:
    if isinstance(part, ast.Name):
        return program.binder(part) is None or part.id in program.imports or part.id in program.classes
    return isinstance(part, (ast.Subscript, ast.Attribute, ast.Constant, ast.Tuple, ast.List, ast.BinOp))
