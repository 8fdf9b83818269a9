"""Names with two underscores on both sides are Python's own machinery: none is read, none is written."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import is_dunder
from alphaloop.facts.finding import Finding

_DEFINABLE = {"__init__", "__post_init__", "__call__", "__repr__", "__str__"}
_SHOWN = sorted(_DEFINABLE)
_CALLABLE = {"__init__", "__post_init__"}


def findings(program: Program) -> Iterator[Finding]:
    """Machinery by name, as attribute, in a pattern, as keyword or spelt in a string."""
    for node in program.nodes:
        for name in _names(node):
            if _is_hook(program, node, name) or (is_dunder(name) and not _allowed(program, node, name)):
                seen = f"{name!r} is Python's own machinery; a class defines only {', '.join(_SHOWN)}"
                yield program.veto("dunders", node, seen)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield program.veto("dunders", node, "a string with two underscores; spell it without")


def _is_hook(program: Program, node: ast.AST, name: str) -> bool:
    """Whether a class defines one of the names with which Enum lets itself be changed, such as _missing_."""
    in_class = isinstance(program.parents.get(node), ast.ClassDef) or isinstance(node, ast.Name)
    return in_class and len(name) > 2 and name.startswith("_") and name.endswith("_") and not is_dunder(name)


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=other):
            yield from (name, other or name)
        case ast.MatchClass(kwd_attrs=names):
            yield from names
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case _:
            pass


def _allowed(program: Program, node: ast.AST, name: str) -> bool:
    parent = program.parents.get(node)
    if isinstance(node, ast.FunctionDef):
        return name in _DEFINABLE and isinstance(parent, ast.ClassDef)
    if isinstance(node, ast.Attribute):
        # super().__init__(...) in a subclass.
        return (
            name in _CALLABLE
            and isinstance(node.value, ast.Call)
            and program.is_builtin(node.value.func, "super")
        )
    if isinstance(node, ast.Name):
        return (
            name == "__slots__"
            and isinstance(parent, ast.Assign)
            and isinstance(program.parents[parent], ast.ClassDef)
        )
    return False
